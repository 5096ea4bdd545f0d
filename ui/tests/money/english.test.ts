import { render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import Payment from "../../src/sections/payment/Payment.svelte";
import { locale } from "../../src/state/locale.svelte";
import { askedOf, newWorld } from "./section";

beforeEach(() => newWorld());

it("a sum that is proposed in English can be paid: the core reads it", async () => {
  locale.language = "en";
  render(Payment);
  const field = await screen.findByRole<HTMLInputElement>("textbox", { name: /^To pay, Винокурова/ });
  expect(field.value).toBe("3\u00a0497.89");
  await waitFor(() => expect(screen.getByRole("button", { name: "Pay" })).not.toHaveAttribute("aria-disabled"));
  expect(JSON.stringify(askedOf("payment_total").at(-1))).toContain('"3497.89"');
  expect(screen.queryByText(/Write the sum in digits/)).toBeNull();
});
