import * as m from "#texts";
import { day, moment } from "../format";
import type { FileRefused } from "../platform/bindings/FileRefused";
import type { Mark } from "../platform/bindings/Mark";
import { rejectionWords } from "./rejection";

/** Where something entered is, with the reason if it was refused. */
export function markWords(mark: Mark): string {
  switch (mark.mark) {
    case "here":
      return m.mark_here();
    case "sending":
      return m.mark_sending();
    case "accepted":
      return mark.at_ms === null ? m.mark_accepted() : m.mark_accepted_at({ moment: moment(mark.at_ms) });
    case "scheduled":
      return m.mark_scheduled({ day: day(mark.on) });
    case "exported":
      return m.mark_exported();
    case "counted":
      return m.mark_counted();
    case "held":
      return m.mark_held();
    case "rejected":
      return m.mark_rejected({ why: rejectionWords(mark.rejection) });
    case "refused":
      return m.mark_refused({ why: mark.why });
    case "withdrawn":
      return m.mark_withdrawn();
    case "attention":
      return m.mark_attention();
    case "file_refused":
      return m.mark_file_refused({ why: fileRefusedWords(mark.why) });
  }
}

/** The same in a word or two, for narrow columns; the reason is told elsewhere. */
export function markShort(mark: Mark): string {
  switch (mark.mark) {
    case "accepted":
      return m.mark_accepted();
    case "counted":
      return m.mark_counted_short();
    case "rejected":
    case "refused":
      return m.mark_rejected_short();
    case "file_refused":
      return m.mark_file_refused_short();
    case "here":
    case "sending":
    case "scheduled":
    case "exported":
    case "held":
    case "withdrawn":
    case "attention":
      return markWords(mark);
  }
}

/** Why a file does not reach the utility. */
function fileRefusedWords(why: FileRefused): string {
  switch (why) {
    case "too_large":
      return m.file_refused_too_large();
    case "empty":
      return m.file_refused_empty();
    case "kind":
      return m.file_refused_kind();
    case "too_many_pixels":
      return m.file_refused_too_many_pixels();
    case "lost":
      return m.file_refused_lost();
  }
}
