/**
 * What a person types on the face of a meter, as plain data: keys in, a new state out. No DOM, no rules of the utility.
 *
 * A person may copy the face from left to right with its zeros («00460604»), or say the number as they read it
 * («460,604»). Both end in the same cells: digits enter at the units and push to the left until the face is full,
 * then they go to the red drums by themselves. With the arrows, or on a value that is there, a digit overwrites its cell.
 */

/** How many digits the meter shows. */
export interface Face {
  /** Before the comma. */
  digits: number;
  /** After it, the red ones. */
  decimals: number;
}

/** Where the next key goes: it replaces all, follows the last digit, or overwrites a cell. */
export type Place = "all" | "end" | number;

/** What has been typed so far. */
export interface Typed {
  readonly whole: string;
  readonly comma: boolean;
  readonly fraction: string;
  readonly at: Place;
}

/** Why a key was not taken. Each has words: no key is swallowed silently. */
export type KeyProblem = "not_a_digit" | "second_comma" | "no_decimals" | "face_full" | "too_long" | "too_precise" | "not_pasted";

/** The state after a key. */
export interface Step {
  typed: Typed;
  problem?: KeyProblem;
}

export const nothing: Typed = { whole: "", comma: false, fraction: "", at: "end" };

/** A value that is there already: the first digit typed replaces it all, as in every field. */
export function typedFrom(shown: string): Typed {
  const [whole = "", fraction] = shown.replace(".", ",").split(",");
  return { whole, comma: fraction !== undefined, fraction: fraction ?? "", at: "all" };
}

/** As the field holds it and as the core reads it. */
export function textOf(typed: Typed): string {
  return typed.comma ? `${typed.whole || "0"},${typed.fraction}` : typed.whole;
}

export function isEmpty(typed: Typed): boolean {
  return typed.whole === "" && typed.fraction === "";
}

/** Whether every drum has its digit; until then the value is still being typed and nobody judges it. */
export function isComplete(typed: Typed, face: Face): boolean {
  if (isEmpty(typed)) return false;
  if (face.decimals === 0) return typed.whole.length === face.digits;
  return typed.fraction.length === face.decimals;
}

/** The drums from left to right; `null` where nothing was typed. */
export function cellsOf(typed: Typed, face: Face): (string | null)[] {
  const blanks = Array.from<null>({ length: Math.max(0, face.digits - typed.whole.length) }).fill(null);
  const red = Array.from({ length: face.decimals }, (_, place) => typed.fraction[place] ?? null);
  return [...blanks, ...typed.whole, ...red];
}

/** The drum that the next key goes to; `null` when it replaces them all. */
export function cursorOf(typed: Typed, face: Face): number | null {
  if (typed.at === "all") return null;
  if (typed.at !== "end") return typed.at;
  const inRed = face.decimals > 0 && (typed.comma || typed.whole.length === face.digits);
  if (!inRed) return face.digits - 1;
  return face.digits + Math.min(typed.fraction.length, face.decimals - 1);
}

/** Where the caret of the native field stands, so that a screen reader names the digit under it. */
export function caretOf(typed: Typed, face: Face): [number, number] {
  const length = textOf(typed).length;
  if (typed.at === "all") return [0, length];
  if (typed.at === "end") return [length, length];
  const position =
    typed.at < face.digits
      ? Math.max(0, typed.at - (face.digits - typed.whole.length))
      : (typed.whole || "0").length + 1 + (typed.at - face.digits);
  return [Math.min(position, length), Math.min(position, length)];
}

/** One typed character. */
export function press(typed: Typed, face: Face, key: string): Step {
  if (key === "," || key === ".") return pressComma(typed, face);
  if (!/^\d$/.test(key)) return { typed, problem: "not_a_digit" };
  if (typed.at === "all") return press(nothing, face, key);
  if (typed.at !== "end") return { typed: overwrite(typed, face, typed.at, key) };
  if (!typed.comma && typed.whole.length < face.digits) return { typed: { ...typed, whole: typed.whole + key } };
  if (typed.fraction.length < face.decimals) {
    return { typed: { ...typed, comma: true, fraction: typed.fraction + key } };
  }
  return { typed, problem: "face_full" };
}

function pressComma(typed: Typed, face: Face): Step {
  if (face.decimals === 0) return { typed, problem: "no_decimals" };
  if (typed.at === "all") return { typed: { ...nothing, whole: "0", comma: true } };
  if (typed.at !== "end") return { typed: { ...filled(typed, face), comma: true, at: face.digits } };
  if (typed.comma) return { typed, problem: "second_comma" };
  return { typed: { ...typed, whole: typed.whole || "0", comma: true } };
}

/** Backspace («back») or Delete («here»). */
export function erase(typed: Typed, face: Face, direction: "back" | "here"): Typed {
  if (typed.at === "all") return nothing;
  if (typed.at !== "end") {
    const cleared = overwrite(typed, face, typed.at, "0");
    return { ...cleared, at: direction === "back" ? Math.max(0, typed.at - 1) : typed.at };
  }
  if (direction === "here") return typed;
  if (typed.fraction !== "") {
    const fraction = typed.fraction.slice(0, -1);
    // On a full face the comma came by itself and goes by itself.
    return { ...typed, fraction, comma: fraction !== "" || typed.whole.length < face.digits };
  }
  if (typed.comma && typed.whole.length < face.digits) return { ...typed, comma: false };
  return { ...typed, comma: false, whole: typed.whole.slice(0, -1) };
}

/** ← → Home End. */
export function move(typed: Typed, face: Face, where: "left" | "right" | "home" | "end"): Typed {
  const last = face.digits + face.decimals - 1;
  if (where === "home") return { ...typed, at: 0 };
  if (where === "end") return { ...typed, at: "end" };
  if (typed.at === "all") return { ...typed, at: where === "left" ? 0 : "end" };
  const cursor = cursorOf(typed, face) ?? last;
  if (where === "left") return { ...typed, at: Math.max(0, cursor - 1) };
  return { ...typed, at: cursor >= last ? "end" : cursor + 1 };
}

/** ↑ ↓: the digit under the cursor rolls by one; from an empty face it starts at the last value. */
export function roll(typed: Typed, face: Face, by: 1 | -1, lastShown: string | undefined): Typed {
  const start = isEmpty(typed) && lastShown !== undefined ? { ...typedFrom(lastShown), at: typed.at } : typed;
  const cursor = cursorOf(typed, face) ?? face.digits + face.decimals - 1;
  const digit = Number(cellsOf(start, face)[cursor] ?? "0");
  return { ...overwrite(start, face, cursor, String((digit + by + 10) % 10)), at: cursor };
}

/** Puts the cursor on a drum that was clicked; an empty face is typed from its units, wherever the click was. */
export function pointAt(typed: Typed, cell: number): Typed {
  return { ...typed, at: isEmpty(typed) ? "end" : cell };
}

/** A pasted text: a number with a comma or a point, or the whole face without one. The unit and spaces are let go. */
export function paste(typed: Typed, face: Face, text: string): Step {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(/(м³|м3|квт[·.*]?ч|гкал)\.?$/i, "");
  const match = /^(\d*)(?:([.,])(\d*))?$/.exec(bare);
  if (!match || !/\d/.test(bare)) return { typed, problem: "not_pasted" };
  let whole = match[1] ?? "";
  let fraction = match[3] ?? "";
  const comma = match[2] !== undefined;
  if (!comma && face.decimals > 0 && whole.length === face.digits + face.decimals) {
    fraction = whole.slice(face.digits);
    whole = whole.slice(0, face.digits);
  }
  while (whole.length > face.digits && whole.startsWith("0")) whole = whole.slice(1);
  if (whole.length > face.digits) return { typed, problem: "too_long" };
  if (fraction.replace(/0+$/, "").length > face.decimals) return { typed, problem: "too_precise" };
  fraction = fraction.slice(0, face.decimals);
  return { typed: { whole: whole || "0", comma: (comma || fraction !== "") && face.decimals > 0, fraction, at: "end" } };
}

/** The value with every drum filled, as it stands in the card afterwards. */
export function shownOf(typed: Typed, face: Face): string {
  const { whole, fraction } = filled(typed, face);
  return face.decimals > 0 ? `${whole},${fraction}` : whole;
}

function filled(typed: Typed, face: Face): Typed {
  return {
    ...typed,
    whole: typed.whole.padStart(face.digits, "0"),
    comma: face.decimals > 0,
    fraction: typed.fraction.padEnd(face.decimals, "0"),
  };
}

function overwrite(typed: Typed, face: Face, cell: number, digit: string): Typed {
  const last = face.digits + face.decimals - 1;
  const at = cell >= last ? "end" : cell + 1;
  const whole = typed.whole.padStart(face.digits, "0");
  if (cell < face.digits) {
    return { ...typed, whole: whole.slice(0, cell) + digit + whole.slice(cell + 1), at };
  }
  const place = cell - face.digits;
  const fraction = typed.fraction.padEnd(place, "0");
  return { whole, comma: true, fraction: fraction.slice(0, place) + digit + fraction.slice(place + 1), at };
}
