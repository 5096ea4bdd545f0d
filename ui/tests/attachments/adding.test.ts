import { beforeEach, expect, test } from "vitest";
import { Adding, type Gathering } from "../../src/attachments/adding.svelte";
import type { AttachmentView } from "../../src/platform/bindings/AttachmentView";
import { asked, instead } from "../fixture/backend";

function gather(limits = { files: 3, bytes: 1024 }) {
  const files: AttachmentView[] = [];
  const gathering: Gathering = { files, add: (file) => void files.push(file), remove: (file) => void files.splice(files.indexOf(file), 1) };
  return { files, adding: new Adding(gathering, () => limits) };
}

const file = (name: string, size = 3) => new File([new Uint8Array(size).fill(65)], name);

beforeEach(() => {
  asked.length = 0;
  instead.clear();
});

test("several files are taken in the order in which they were given", async () => {
  const { files, adding } = gather();
  await Promise.all([adding.add([file("1.jpg"), file("2.jpg")]), adding.add([file("3.jpg")])]);
  expect(files.map((one) => one.name)).toEqual(["1.jpg", "2.jpg", "3.jpg"]);
  expect(asked[0]?.args).toEqual({ from: "bytes", name: "1.jpg", base64: "QUFB" });
  expect(adding.reading).toBeNull();
});

test("what cannot be taken is named with the reason, and the others are taken all the same", async () => {
  instead.set("file_add", ((args: { name: string }) =>
    args.name === "virus.exe" ? { ok: false, failure: { code: "field", field: "file", problem: { problem: "file_forbidden" } } } : { ok: true, value: { name: args.name, file: args.name } }) as never);
  const { files, adding } = gather();
  await adding.add([file("film.mp4", 2048), file("empty.txt", 0), file("virus.exe"), file("ok.jpg")]);
  expect(files.map((one) => one.name)).toEqual(["ok.jpg"]);
  expect(adding.problems).toHaveLength(3);
  expect(adding.problems[0]).toContain("film.mp4 не прикрепили: он больше 1 КБ");
  expect(asked.map((one) => (one.args as { name: string }).name), "what is too large is not even read").toEqual(["virus.exe", "ok.jpg"]);
});

test("the one file too many is told once", async () => {
  const { files, adding } = gather();
  await adding.add(["1", "2", "3", "4", "5"].map((name) => file(name)));
  expect(files).toHaveLength(3);
  expect(adding.problems).toEqual(["Можно приложить 3 файлов к одной записи. Остальные отправьте следующей."]);
});
