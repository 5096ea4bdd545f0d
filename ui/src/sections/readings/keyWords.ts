import * as m from "#texts";
import type { Face, KeyProblem } from "./face";

/** Why a key was not taken, and what is. */
export function keyWords(problem: KeyProblem, face: Face): string {
  switch (problem) {
    case "not_a_digit":
      return face.decimals > 0 ? m.key_not_a_digit() : m.key_not_a_digit_whole();
    case "second_comma":
      return m.key_second_comma();
    case "no_decimals":
      return m.key_no_decimals();
    case "face_full":
      return m.key_face_full();
    case "too_long":
      return m.key_too_long({ count: face.digits });
    case "too_precise":
      return face.decimals > 0 ? m.key_too_precise({ count: face.decimals }) : m.key_no_decimals();
    case "not_pasted":
      return m.key_not_pasted();
  }
}
