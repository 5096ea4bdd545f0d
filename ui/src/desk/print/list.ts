import * as m from "#texts";
import { moment } from "../../format";
import { call } from "../../platform";
import type { DeskRow } from "../../platform/bindings/DeskRow";
import type { Failure } from "../../platform/bindings/Failure";
import { numberWords, untilWords } from "../../words";
import type { Sieve } from "../desk.svelte";
import { cameWords, placeWords, standsWords } from "../words";
import { printing } from "./printing.svelte";

/** The most the core gives at once. */
const PAGE = 200;
/** More than so many rows is no list that anybody holds in the hand. */
const MOST = 1000;

function line(row: DeskRow): string[] {
  return [
    numberWords(row.number),
    row.deadline === null ? "" : untilWords(row.deadline.due_ms),
    row.emergency ? `${row.short_name} (${m.desk_emergency()})` : row.short_name,
    placeWords(row.address),
    row.executor === "" ? m.desk_nobody() : row.executor,
    standsWords(row.status),
    cameWords(row.source),
  ];
}

/** Prints what the list holds, not only what is in sight. */
export async function printList(title: string, sieve: Sieve): Promise<Failure | null> {
  const rows: DeskRow[] = [];
  let total = 0;
  do {
    const answer = await call("desk_tickets", { ...sieve, from: rows.length, count: PAGE });
    if (!answer.ok) {
      return answer.failure;
    }
    total = answer.value.total;
    rows.push(...answer.value.rows);
    if (answer.value.rows.length === 0) {
      break;
    }
  } while (rows.length < Math.min(total, MOST));
  printing.print({
    title: m.desk_print_title({ title, moment: moment(Date.now()) }),
    note: rows.length < total ? m.desk_print_short({ count: rows.length, total }) : "",
    columns: [m.desk_col_number(), m.desk_col_due(), m.desk_col_ticket(), m.desk_col_address(), m.desk_executor(), m.desk_col_status(), m.desk_col_source()],
    rows: rows.map(line),
  });
  return null;
}
