import type { SettingsView } from "../platform/bindings/SettingsView";
import { locale } from "./locale.svelte";

/** The sizes of text the tokens know, per cent. */
export const TEXT_SIZES = [100, 125, 150, 200] as const;

/** Widths in px at text ×1; they grow with the text, as a breakpoint in em does. */
const NAVIGATION_BELOW = 720;
const RAIL_BELOW = 1120;
/** From this width on, in px, everything is a little larger instead of stretched. */
const WIDE = 1700;
const WIDE_SCALE = 1.12;

/** How the window looks: settings of this computer, and what follows from them and from the window's size. */
class Display {
  settings = $state.raw<SettingsView>({ theme: "auto", text_percent: 100, language: "ru", toasts: true });
  width = $state(1366);
  systemDark = $state(false);

  scale = $derived((this.settings.text_percent / 100) * (this.width >= WIDE ? WIDE_SCALE : 1));
  navigationBelow = $derived(this.settings.text_percent >= 150 || this.width / this.scale < NAVIGATION_BELOW);
  railBelow = $derived(this.width / this.scale < RAIL_BELOW);
  theme = $derived(this.settings.theme === "auto" ? (this.systemDark ? "dark" : "light") : this.settings.theme);

  take(settings: SettingsView) {
    this.settings = settings;
    locale.language = settings.language;
  }

  /** The next larger or smaller size of text. */
  step(direction: 1 | -1): number {
    const sizes: readonly number[] = TEXT_SIZES;
    const at = sizes.indexOf(this.settings.text_percent);
    return sizes[Math.min(sizes.length - 1, Math.max(0, at + direction))] ?? 100;
  }
}

export const display = new Display();

/** Writes the look on the root element, where the tokens read it. */
export function keepDisplay(): () => void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const measure = () => {
    display.width = window.innerWidth;
    display.systemDark = dark.matches;
  };
  measure();
  window.addEventListener("resize", measure);
  dark.addEventListener("change", measure);
  const stop = $effect.root(() => {
    $effect.pre(() => {
      const root = document.documentElement;
      root.dataset["theme"] = display.theme;
      root.dataset["nav"] = display.navigationBelow ? "bottom" : "side";
      root.dataset["rail"] = display.railBelow ? "below" : "side";
      root.style.setProperty("--text-scale", String(display.scale));
      root.lang = locale.language;
    });
  });
  return () => {
    stop();
    window.removeEventListener("resize", measure);
    dark.removeEventListener("change", measure);
  };
}
