import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { place } from "../../src/state/place.svelte";
import { askedFor, openWindow } from "../window";

test("a session that is over is opened again with the password alone, and nobody is thrown out meanwhile", async () => {
  const person = await openWindow("scene=signin");
  place.open("again");
  const field = await screen.findByLabelText("Пароль");
  expect(field).toHaveFocus();
  await person.type(field, "nevernyj1{Enter}");
  expect(field).toHaveAttribute("aria-invalid", "true");
  await person.clear(field);
  await person.type(field, "klyuch2026{Enter}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.getByRole("navigation", { name: "Разделы" })).toBeVisible();
  expect(askedFor("sign_in").at(-1)).toEqual({ phone: "+79000001234", password: "klyuch2026", forget_password: false });
});
