import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

type Variants = { declarations: string[]; match: Record<string, string> }[];
type Catalogue = Record<string, string | Variants>;

const folder = resolve("messages");
const names = [...new Set(readdirSync(folder).map((file) => file.split(".")[0]!))];
const read = (name: string, language: string) =>
  JSON.parse(readFileSync(join(folder, `${name}.${language}.json`), "utf8")) as Catalogue;

/** Every text of a message: the only one, or one per plural form. */
function texts(message: string | Variants): string[] {
  return typeof message === "string" ? [message] : message.flatMap((variant) => Object.values(variant.match));
}

function inputs(message: string | Variants): string[] {
  const found = typeof message === "string"
    ? [...message.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]!)
    : message[0]!.declarations.filter((line) => line.startsWith("input ")).map((line) => line.slice(6));
  return [...new Set(found)].sort();
}

describe.each(names)("the catalogue «%s»", (name) => {
  const russian = read(name, "ru");
  const english = read(name, "en");

  test("has the same messages in both languages, so that no window is half Russian", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(russian).sort());
  });

  test("takes the same values in both languages, so that no number gets lost in translation", () => {
    for (const key of Object.keys(russian)) {
      expect(inputs(english[key]!), key).toEqual(inputs(russian[key]!));
    }
  });

  test("keeps the voice: no «Ошибка», no exclamation marks, nothing empty", () => {
    for (const [key, message] of [...Object.entries(russian), ...Object.entries(english)]) {
      for (const text of texts(message)) {
        expect(text.trim(), key).not.toBe("");
        expect(text.replaceAll(/\{\w+\}/g, ""), key).not.toMatch(/ошибк|!|error|invalid/i);
      }
    }
  });

  test("has every plural form Russian needs", () => {
    for (const [key, message] of Object.entries(russian)) {
      if (typeof message !== "string" && message[0]!.declarations.some((line) => line.endsWith(": plural"))) {
        const forms = Object.keys(message[0]!.match).map((form) => form.split("=").pop());
        expect(forms, key).toEqual(expect.arrayContaining(["one", "few", "many"]));
      }
    }
  });
});

// «Счета» without ё is the plural; after a word of the singular it is a slip.
const WITHOUT_YO = /(?<![а-яё])(счет(у|ом|е)?|(лицевого|номера?|номером|этого|вашего|такого|его) счета)(?![а-яё])/iu;

test("«счёт» has its ё in every case of the singular, and the plural has none", () => {
  expect(["счет", "Счетом", "номер счета", "лицевого счета"].filter((slip) => !WITHOUT_YO.test(slip))).toEqual([]);
  const wrong = names.flatMap((name) =>
    Object.entries(read(name, "ru")).filter(([, message]) =>
      texts(message).some((text) => WITHOUT_YO.test(text) || /(?<![а-яё])счёт(ов|ам|ами|ах)(?![а-яё])/iu.test(text)),
    ),
  );
  expect(wrong).toEqual([]);
});

test("no message is defined by two catalogues, where the later would win in silence", () => {
  const keys = names.flatMap((name) => Object.keys(read(name, "ru")));
  const twice = keys.filter((key, at) => keys.indexOf(key) !== at);
  expect(twice).toEqual([]);
});
