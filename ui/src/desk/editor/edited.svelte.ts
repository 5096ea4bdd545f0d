import type { AttachmentView } from "../../platform/bindings/AttachmentView";
import type { Audience } from "../../platform/bindings/Audience";
import type { AudiencePlaceView } from "../../platform/bindings/AudiencePlaceView";
import type { EditedKind } from "../../platform/bindings/EditedKind";
import type { EditedSaveArgs } from "../../platform/bindings/EditedSaveArgs";
import type { EditedView } from "../../platform/bindings/EditedView";
import type { EditedWhat } from "../../platform/bindings/EditedWhat";
import type { Importance } from "../../platform/bindings/Importance";
import type { PollQuestion } from "../../platform/bindings/PollQuestion";
import type { Stage } from "../../platform/bindings/Stage";
import { printed } from "../../format";
import { instantOf, localOf } from "../zone";

const WEEK_MS = 7 * 24 * 3_600_000;

/** A question as it is typed: options stand each on a line. */
export interface TypedQuestion {
  key: number;
  text: string;
  ask: "one" | "several" | "words";
  options: string;
  required: boolean;
}

/** An announcement that is being written, but for its words and the files that are added. */
export class Edited {
  kind = $state<EditedKind>("news");
  headline = $state("");
  importance = $state<Importance>("usual");
  pinned = $state(false);
  attachments = $state.raw<AttachmentView[]>([]);
  stage = $state<Stage>("draft");
  /** Since when it is shown. */
  since = $state(0);
  when = $state<"now" | "later">("now");
  at = $state("");
  until = $state("");
  // A poll.
  questions = $state<TypedQuestion[]>([]);
  ends = $state(localOf(Date.now() + WEEK_MS));
  resultsShown = $state(true);
  // An offer.
  group = $state("");
  price = $state("");
  priceFrom = $state(false);
  partner = $state("");
  order = $state("");
  phone = $state("");
  link = $state("");
  // For whom.
  to = $state<Audience["to"]>("all");
  places = $state.raw<AudiencePlaceView[]>([]);
  debt = $state("");
  #keys = 0;

  constructor() {
    this.ask();
  }

  audience = $derived.by<Audience>(() => {
    const ids = this.places.map((place) => place.id);
    switch (this.to) {
      case "all":
        return { to: "all" };
      case "streets":
        return { to: "streets", streets: ids };
      case "houses":
        return { to: "houses", houses: ids };
      case "accounts":
        return { to: "accounts", accounts: ids };
      case "debt":
        return { to: "debt", over: kopecks(this.debt) };
    }
  });

  /** One question more. */
  ask() {
    this.#keys += 1;
    this.questions.push({ key: this.#keys, text: "", ask: "one", options: "", required: true });
  }

  /** A file that it has is not to be there any more. */
  drop(file: string) {
    this.attachments = this.attachments.filter((other) => other.file !== file);
  }

  /** Begins with what there is. */
  take(view: EditedView) {
    this.kind = view.row.kind;
    this.headline = view.row.headline;
    this.importance = view.row.importance;
    this.pinned = view.row.pinned;
    this.attachments = view.attachments;
    this.stage = view.row.stage;
    if (view.plan.plan === "publish") {
      this.since = view.plan.at_ms;
      this.when = view.row.stage === "scheduled" ? "later" : "now";
      this.at = localOf(view.plan.at_ms);
      this.until = view.plan.until_ms === null ? "" : localOf(view.plan.until_ms);
    }
    this.#takeWhat(view.what);
    this.to = view.audience.to;
    const { audience, named } = view;
    const ids = audience.to === "streets" ? audience.streets : audience.to === "houses" ? audience.houses : audience.to === "accounts" ? audience.accounts : [];
    this.places = ids.map((id, at) => ({ id, title: audience.to === "streets" ? id : (named[at] ?? "…") }));
    this.debt = audience.to === "debt" ? printed((audience.over / 100).toFixed(2)) : "";
  }

  #takeWhat(what: EditedWhat) {
    if (what.what === "poll") {
      this.questions = what.questions.map(({ text, ask, required }) => {
        this.#keys += 1;
        return { key: this.#keys, text, ask: ask.ask, options: ask.ask === "words" ? "" : ask.options.join("\n"), required };
      });
      this.ends = localOf(what.ends_ms);
      this.resultsShown = what.results_shown;
    } else if (what.what === "offer") {
      this.group = what.group;
      this.price = what.price;
      this.priceFrom = what.price_from;
      this.partner = what.partner;
      this.order = what.order ?? "";
      this.phone = what.phone;
      this.link = what.link;
    }
  }

  /** As the core takes it. */
  args(): Omit<EditedSaveArgs, "announcement" | "draft" | "plan"> {
    return {
      headline: this.headline,
      importance: this.importance,
      pinned: this.pinned,
      kept: this.attachments.map((file) => file.file),
      what: this.#what(),
      audience: $state.snapshot(this.audience) as Audience,
    };
  }

  #what(): EditedWhat {
    switch (this.kind) {
      case "news":
        return { what: "news" };
      case "poll":
        return { what: "poll", questions: this.questions.map(question), ends_ms: instantOf(this.ends) ?? 0, results_shown: this.resultsShown };
      case "offer":
        return {
          what: "offer",
          group: this.group,
          price: this.price,
          price_from: this.priceFrom,
          partner: this.partner,
          order: this.order === "" ? null : this.order,
          phone: this.phone,
          link: this.link,
        };
    }
  }
}

function question(typed: TypedQuestion): PollQuestion {
  const lines = typed.options.split("\n").map((line) => line.trim());
  const options = lines.filter((line) => line !== "");
  const ask = typed.ask === "words" ? { ask: typed.ask } : { ask: typed.ask, options };
  return { text: typed.text.trim(), ask, required: typed.required };
}

/** Roubles as they are typed; less than nothing when they are none, which the core refuses. */
function kopecks(typed: string): number {
  const text = typed.replace(/[\s\u00a0]/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : -1;
}
