import * as m from "#texts";
import { type Answer, call } from "../platform";
import { failureWords } from "../words";
import { desk } from "./desk.svelte";

/** Says what a deed came to; the answer whether it was done. */
export function told(answer: Answer<unknown>, done = ""): boolean {
  desk.said = answer.ok ? done : failureWords(answer.failure);
  return answer.ok;
}

/** «Взять»: the tickets are of whoever is at the desk. */
export async function take(tickets: string[]): Promise<Answer<unknown>> {
  const answer = await call("desk_take", { tickets });
  told(answer, m.desk_done_take({ count: tickets.length }));
  if (answer.ok) {
    desk.chosen.clear();
  }
  return answer;
}
