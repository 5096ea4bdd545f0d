import * as m from "#texts";
import type { EditedKind } from "../../platform/bindings/EditedKind";
import type { EditedRow } from "../../platform/bindings/EditedRow";
import type { Stage } from "../../platform/bindings/Stage";
import { sinceWords, untilWords } from "../../words";

export const SHELVES = ["draft", "scheduled", "shown", "past"] as const;
export type Shelf = (typeof SHELVES)[number];

/** On which shelf an announcement stands. */
export function shelfOf(stage: Stage): Shelf {
  return stage === "over" || stage === "withdrawn" ? "past" : stage;
}

export function shelfWords(shelf: Shelf): string {
  return { draft: m.editor_drafts, scheduled: m.editor_scheduled, shown: m.editor_shown, past: m.editor_past }[shelf]();
}

export function kindWords(kind: EditedKind): string {
  return { news: m.editor_kind_news, poll: m.editor_kind_poll, offer: m.editor_kind_offer }[kind]();
}

/** Where it stands, with the moment that matters: «Выйдет 3 декабря в 9:00». */
export function stageWords(row: EditedRow): string {
  switch (row.stage) {
    case "draft":
      return m.editor_stage_draft();
    case "withdrawn":
      return m.editor_stage_withdrawn();
    case "over":
      return m.editor_stage_over();
    case "scheduled":
      return m.editor_stage_scheduled({ when: untilWords(row.since_ms ?? 0) });
    case "shown":
      return row.until_ms === null
        ? m.editor_stage_shown({ since: sinceWords(row.since_ms ?? 0) })
        : m.editor_stage_shown_until({ since: sinceWords(row.since_ms ?? 0), until: untilWords(row.until_ms) });
  }
}
