import { decimalMark } from "../format";

const SPACE = "\u00a0";
/** Whole roubles have at most so many digits: more is a slip of the hand. */
const WHOLE_DIGITS = 9;

interface Parts {
  whole: string;
  /** `null` while no mark is typed. */
  kopecks: string | null;
}

function parts(text: string): Parts {
  const kept = text.replace(/[^\d.,]/g, "");
  const at = kept.search(/[.,]/);
  const whole = (at < 0 ? kept : kept.slice(0, at)).replace(/^0+(?=\d)/, "").slice(0, WHOLE_DIGITS);
  return { whole, kopecks: at < 0 ? null : kept.slice(at).replace(/\D/g, "").slice(0, 2) };
}

function written({ whole, kopecks }: Parts): string {
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, SPACE);
  return kopecks === null ? grouped : `${grouped === "" ? "0" : grouped}${decimalMark()}${kopecks}`;
}

/** Roubles while they are typed: digits in groups, one mark (comma or point are the same key), two digits after it. */
export function whileTyping(text: string): string {
  return written(parts(text));
}

/** Roubles when the field is left: «3 456,70» for «3456,7», nothing for nothing. */
export function complete(text: string): string {
  const { whole, kopecks } = parts(text);
  return whole === "" && (kopecks ?? "") === "" ? "" : written({ whole, kopecks: (kopecks ?? "").padEnd(2, "0") });
}

/**
 * What a clipboard holds, as roubles: «3 456,78 ₽», «3,456.78», «3.456». The last mark is that of the kopecks, unless
 * three digits follow it: no sum has them.
 */
export function pasted(text: string): string {
  const kept = text.replace(/[^\d.,]/g, "").replace(/[.,]+$/, "");
  const last = Math.max(kept.lastIndexOf(","), kept.lastIndexOf("."));
  const kopecks = last < 0 ? "" : kept.slice(last + 1);
  const split = last >= 0 && kopecks.length <= 2;
  const whole = (split ? kept.slice(0, last) : kept).replace(/\D/g, "");
  return complete(split ? `${whole},${kopecks}` : whole);
}

/** Typed roubles as the core takes them: without what only helps the eye. */
export function plain(text: string): string {
  return text.replace(/\s/g, "");
}

/** Several typed sums as one; nothing of nothings. The core adds them once more, and by what it says is paid. */
export function added(texts: string[]): string {
  const kopecks = texts.reduce((sum, text) => {
    const { whole, kopecks } = parts(text);
    return sum + Number(whole === "" ? 0 : whole) * 100 + Number((kopecks ?? "").padEnd(2, "0"));
  }, 0);
  return kopecks === 0 ? "" : complete(`${Math.floor(kopecks / 100)},${String(kopecks % 100).padStart(2, "0")}`);
}

function significant(text: string): string {
  return text.replace(/[^\d.,]/g, "");
}

/** Where the caret stands in `after` when so much of what counts lay before it in `before`. */
export function caretAfter(before: string, caret: number, after: string): number {
  let left = significant(before.slice(0, caret)).length;
  // A mark that begins the text gets a nought before it.
  if (/^\D*[.,]/.test(before) && after.startsWith("0")) {
    left += 1;
  }
  let at = 0;
  while (at < after.length && left > 0) {
    if (/[\d.,]/.test(after[at] ?? "")) {
      left -= 1;
    }
    at += 1;
  }
  return at;
}
