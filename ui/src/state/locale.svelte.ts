import type { Language } from "../platform/bindings/Language";
import { overwriteGetLocale } from "../paraglide/runtime";

/** The language of the window and the zone in which the utility's days begin. Both may change while it is open. */
class Locale {
  language = $state<Language>("ru");
  zone = $state("Europe/Moscow");
}

export const locale = new Locale();

// Every message asks for the language when it is read, so that a change redraws what is shown and loses nothing typed.
overwriteGetLocale(() => locale.language);
