import { type Answer, call, controls, onEvent } from "../platform";
import type { BootView } from "../platform/bindings/BootView";
import type { SessionView } from "../platform/bindings/SessionView";
import type { SettingsView } from "../platform/bindings/SettingsView";
import type { Utility } from "../platform/bindings/Utility";
import { display } from "./display.svelte";
import { locale } from "./locale.svelte";
import { place } from "./place.svelte";

/** What the whole window stands on: who is signed in, which utility, which settings. */
class Standing {
  /** False until the first answer of the core, which needs no network. */
  ready = $state(false);
  version = $state("");
  utility = $state.raw<Utility | null>(null);
  session = $state.raw<SessionView | null>(null);
  keyring = $state(true);
  peopleHere = $state(false);
  /** The newest settings on their way to the core; until it has them, its own are old. */
  #saving: Promise<Answer<unknown>> | null = null;

  async refresh() {
    const answer = await call("boot", {});
    if (answer.ok) {
      this.#take(answer.value);
    }
  }

  #take(boot: BootView) {
    this.version = boot.version;
    this.keyring = boot.keyring;
    this.peopleHere = boot.people_here;
    this.session = boot.session;
    if (this.#saving === null) {
      display.take(boot.settings);
    }
    this.#takeUtility(boot.utility);
    this.ready = true;
  }

  #takeUtility(utility: Utility | null) {
    this.utility = utility;
    if (utility !== null) {
      locale.zone = utility.zone;
      document.documentElement.style.setProperty("--accent-hue", String(utility.accent_hue));
    }
  }

  signedIn(session: SessionView) {
    this.session = session;
    place.account = null;
    place.money = { page: "pay" };
    place.announcement = null;
    place.ordering = false;
    place.goTo("readings");
  }

  /** Shows a change of the settings at once and has it kept: one behind the other, so that the last one stays. */
  async saveSettings(change: Partial<SettingsView>) {
    const settings = { ...display.settings, ...change };
    display.take(settings);
    const save = () => call("settings_save", settings);
    const saving = this.#saving === null ? save() : this.#saving.then(save);
    this.#saving = saving;
    const answer = await saving;
    if (this.#saving !== saving) {
      return;
    }
    this.#saving = null;
    if (!answer.ok) {
      await this.refresh();
    }
  }
}

export const standing = new Standing();

/** Listens to the core and to the person's coming back, for as long as the window lives. */
export function keepStanding(): () => void {
  void standing.refresh();
  const stopEvents = onEvent((event) => {
    switch (event.event) {
      case "changed":
        if (event.topics.some((topic) => topic === "session" || topic === "utility" || topic === "settings")) {
          void standing.refresh();
        }
        break;
      case "open":
        place.show(event.target);
        break;
      case "raise":
        controls?.raise();
        break;
    }
  });
  const back = () => {
    if (document.visibilityState === "visible") {
      void call("person_back", {});
    }
  };
  window.addEventListener("focus", back);
  document.addEventListener("visibilitychange", back);
  return () => {
    stopEvents();
    window.removeEventListener("focus", back);
    document.removeEventListener("visibilitychange", back);
  };
}
