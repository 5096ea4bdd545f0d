import axe from "axe-core";
import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import AttachAccount from "../../src/accounts/AttachAccount.svelte";
import type { Failure } from "../../src/platform/bindings/Failure";
import type { Command } from "../../src/platform";
import { place } from "../../src/state/place.svelte";
import { asked, instead, scene } from "../fixture/backend";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T07:42:00Z") });
  asked.length = 0;
  instead.clear();
  scene.online = true;
  place.panel = "attach";
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const failing = (command: Command, failure: Failure) => instead.set(command, () => ({ ok: false, failure }));
const askedOf = (command: Command) => asked.filter((one) => one.command === command).map((one) => one.args);
const number = () => screen.getByRole("textbox", { name: "Номер лицевого счёта" });

async function toProof() {
  const user = userEvent.setup();
  render(AttachAccount);
  await waitFor(() => expect(number()).toHaveFocus());
  await user.keyboard("2140183572{Enter}");
  await screen.findByText("Нашли счёт № 2140183572");
  return user;
}

async function toAddress() {
  const user = await toProof();
  await user.type(screen.getByRole("textbox", { name: "Итого к оплате, ₽" }), "5497,89{Enter}");
  await screen.findByRole("heading", { name: "Сверьте адрес" });
  return user;
}

describe("attaching an account", () => {
  it("goes from the number over a masked address and the bill to the full address, and only then attaches", async () => {
    const user = await toProof();
    expect(screen.getByText(/д\. ••, кв\. ••/)).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Итого к оплате, ₽" }), "5497,89{Enter}");
    expect(await screen.findByText("г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25")).toBeVisible();
    expect(screen.getByText(/кв\. 25$/).textContent, "no line ends between «д.» and its number").toContain("д.\u00a010, кв.\u00a025");
    expect(askedOf("account_prove")).toEqual([{ number: "2140183572", proof: { by: "sum", sum: "5497,89", period: "2026-09" } }]);
    expect(askedOf("account_attach")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Подтвердить адрес" }));
    expect(await screen.findByRole("heading", { name: "Счёт подключён" })).toBeInTheDocument();
    expect(askedOf("account_attach")).toEqual([{ token: "t-1" }]);
  });

  it("«Отмена» at the address goes back to the number, which is kept, and attaches nothing", async () => {
    const user = await toAddress();
    await user.click(screen.getByRole("button", { name: "Отмена" }));
    expect(number()).toHaveValue("2140183572");
    expect(askedOf("account_attach")).toEqual([]);
  });

  it("takes the text of the bill's QR code as well", async () => {
    const user = await toProof();
    await user.click(screen.getByRole("radio", { name: "По QR-коду" }));
    await user.click(screen.getByRole("textbox", { name: "Текст QR-кода с квитанции" }));
    await user.paste("ST00012|PersAcc=2140183572");
    await user.click(screen.getByRole("button", { name: "Проверить" }));
    await waitFor(() => expect(askedOf("account_prove")).toEqual([{ number: "2140183572", proof: { by: "qr", text: "ST00012|PersAcc=2140183572" } }]));
  });

  it("passes axe at every step", async () => {
    const look = async () => {
      const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
      return violations.map((flaw) => flaw.id);
    };
    const user = await toProof();
    expect(await look()).toEqual([]);
    await user.click(screen.getByRole("radio", { name: "По QR-коду" }));
    expect(await look()).toEqual([]);
  });
});

describe("a failure of the number is said beside it", () => {
  const cases: [string, Failure, RegExp][] = [
    ["unknown", { code: "field", field: "account_number", problem: { problem: "account_unknown" } }, /Такого счёта нет/],
    ["empty", { code: "field", field: "account_number", problem: { problem: "empty" } }, /номер лицевого счёта/],
    ["malformed", { code: "field", field: "account_number", problem: { problem: "malformed" } }, /только цифры/],
    ["attached already", { code: "already_attached" }, /уже подключён/],
  ];
  it.each(cases)("%s", async (_, failure, words) => {
    failing("account_lookup", failure);
    const user = userEvent.setup();
    render(AttachAccount);
    await user.click(screen.getByRole("button", { name: "Подключить" }));
    await waitFor(() => expect(number()).toHaveAccessibleDescription(words));
    expect(number()).toBeInvalid();
  });
});

describe("a failure of the proof", () => {
  const beside: [string, Failure, RegExp][] = [
    ["wrong sum", { code: "field", field: "sum", problem: { problem: "proof_wrong", tries_left: 4 } }, /Осталось 4 попытки/],
    ["wrong sum for the last time", { code: "field", field: "sum", problem: { problem: "proof_wrong", tries_left: 0 } }, /Попытки кончились/],
    ["no sum", { code: "field", field: "sum", problem: { problem: "malformed" } }, /3.497,89/],
  ];
  it.each(beside)("%s stands beside the sum", async (_, failure, words) => {
    failing("account_prove", failure);
    const user = await toProof();
    await user.click(screen.getByRole("button", { name: "Проверить" }));
    await waitFor(() => expect(screen.getByRole("textbox", { name: "Итого к оплате, ₽" })).toHaveAccessibleDescription(words));
  });

  const apart: [string, Failure, RegExp][] = [
    ["no connection", { code: "offline" }, /Подключить счёт можно, когда есть связь/],
    ["a captive portal", { code: "portal" }, /просит войти через браузер/],
    ["a busy server", { code: "server_busy" }, /Сервер занят/],
    ["too many tries", { code: "locked_out", retry_after_s: 900 }, /10:57/],
  ];
  it.each(apart)("%s is told with what to do, and what was typed stays", async (_, failure, words) => {
    failing("account_prove", failure);
    const user = await toProof();
    const sum = screen.getByRole("textbox", { name: "Итого к оплате, ₽" });
    await user.type(sum, "1,00{Enter}");
    expect(await screen.findByText(words)).toBeVisible();
    expect(sum).toHaveValue("1,00");
  });
});

it("an attachment that took too long goes back to the proof and says so", async () => {
  failing("account_attach", { code: "attachment_expired" });
  const user = await toAddress();
  await user.click(screen.getByRole("button", { name: "Подтвердить адрес" }));
  expect(await screen.findByText(/длилась слишком долго/)).toBeVisible();
  expect(screen.getByRole("textbox", { name: "Итого к оплате, ₽" })).toBeVisible();
});
