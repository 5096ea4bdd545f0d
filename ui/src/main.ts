import "./styles/font.css";
import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";

const root = document.getElementById("app");
if (root !== null) {
  mount(App, { target: root, props: { letters: letters() } });
}

/**
 * The letters of the program itself. Text that is laid out before they are there makes the browser engine look through all
 * fonts of the computer, once for every size and weight; and before the style sheets are there, nobody knows of them.
 */
async function letters() {
  if (document.readyState !== "complete") {
    await new Promise((there) => window.addEventListener("load", there, { once: true }));
  }
  await document.fonts.load('1em "Golos Text"', "Жz").catch(() => []);
}
