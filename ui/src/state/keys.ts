import { display } from "./display.svelte";
import { place, SECTIONS } from "./place.svelte";
import { standing } from "./window.svelte";

function resize(event: KeyboardEvent, percent: number) {
  event.preventDefault();
  void standing.saveSettings({ text_percent: percent });
}

/** Keys that work everywhere, named by their place on the keyboard: the layout does not matter. */
export function onkeydown(event: KeyboardEvent) {
  if (event.key === "Escape" && !event.defaultPrevented) {
    place.back();
    return;
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey) {
    return;
  }
  switch (event.code) {
    case "Equal":
    case "NumpadAdd":
      return resize(event, display.step(1));
    case "Minus":
    case "NumpadSubtract":
      return resize(event, display.step(-1));
    case "Digit0":
    case "Numpad0":
      return resize(event, 100);
  }
  if (standing.session === null) {
    return;
  }
  if (event.shiftKey) {
    if (event.code === "KeyO") {
      event.preventDefault();
      place.toggle("queue");
    }
    return;
  }
  // The workplace of the staff has its own search and its own places (desk/frame).
  if (standing.session.workplace === "desk") {
    return;
  }
  if (event.code === "KeyK") {
    event.preventDefault();
    place.toggle("find");
    return;
  }
  const section = SECTIONS[["Digit1", "Digit2", "Digit3", "Digit4", "Digit5"].indexOf(event.code)];
  if (section !== undefined) {
    event.preventDefault();
    place.goTo(section);
    document.getElementById("sheet")?.focus();
  }
}
