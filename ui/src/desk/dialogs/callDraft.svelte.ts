import type { DeskPlaceView } from "../../platform/bindings/DeskPlaceView";
import type { DraftView } from "../../platform/bindings/DraftView";

/** The call that is being written down: closing the dialog by mistake loses nothing of it. */
class CallDraft {
  place = $state.raw<DeskPlaceView | null>(null);
  name = $state("");
  phone = $state("");
  subtype = $state("");
  draft: DraftView = { text: "", files: [] };

  clear() {
    this.place = null;
    this.name = "";
    this.phone = "";
    this.subtype = "";
    this.draft = { text: "", files: [] };
  }
}

export const callDraft = new CallDraft();
