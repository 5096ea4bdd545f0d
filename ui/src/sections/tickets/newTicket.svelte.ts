import * as m from "#texts";
import { Adding } from "../../attachments/adding.svelte";
import { Draft } from "../../conversation/draft.svelte";
import { call } from "../../platform";
import type { TicketDraftView } from "../../platform/bindings/TicketDraftView";
import type { TicketSubtypeView } from "../../platform/bindings/TicketSubtypeView";
import type { TicketsView } from "../../platform/bindings/TicketsView";
import { failureWords } from "../../words";

/** The fields of the form, in the order in which they are filled in. */
export const FIELDS = ["account", "type", "subtype", "text"] as const;
export type TicketField = (typeof FIELDS)[number];

/** The ticket that is being written. It is kept while one types, and is there again after a restart. */
export class NewTicket {
  readonly draft: Draft;
  readonly adding: Adding;
  /** The rejected operation that it mends. */
  readonly mends: string | null;
  errors = $state<Partial<Record<TicketField, string>>>({});
  /** What stands beside no field. */
  apart = $state<string | null>(null);
  going = $state(false);
  #account = $state("");
  #type = $state("");
  #subtype = $state("");
  #view: () => TicketsView;

  constructor(begun: TicketDraftView, view: () => TicketsView) {
    this.#view = view;
    this.mends = begun.mends;
    this.#account = begun.account;
    this.#subtype = begun.subtype;
    this.#type = view().types.find((type) => type.subtypes.some((subtype) => subtype.id === begun.subtype))?.id ?? "";
    this.draft = new Draft(() => call("ticket_draft_save", this.view()), begun.draft);
    this.adding = new Adding(this.draft, () => view().limits);
  }

  /** The only account is filled in. */
  get account(): string {
    const { accounts } = this.#view();
    return this.#account === "" && accounts.length === 1 ? accounts[0]!.id : this.#account;
  }

  set account(account: string) {
    this.#account = account;
    this.#touched("account");
  }

  get type(): string {
    return this.#type;
  }

  set type(type: string) {
    this.#type = type;
    const { subtypes } = this;
    // What has only one shade needs no second question.
    this.#subtype = subtypes.length === 1 ? subtypes[0]!.id : "";
    this.#touched("type");
    this.#touched("subtype");
  }

  get subtypes(): TicketSubtypeView[] {
    return this.#view().types.find((type) => type.id === this.#type)?.subtypes ?? [];
  }

  get subtype(): string {
    return this.#subtype;
  }

  set subtype(subtype: string) {
    this.#subtype = subtype;
    this.#touched("subtype");
  }

  get emergency(): boolean {
    return this.subtypes.some((subtype) => subtype.id === this.#subtype && subtype.emergency);
  }

  get empty(): boolean {
    return this.draft.empty && this.#subtype === "" && this.#type === "";
  }

  view(): TicketDraftView {
    return { account: this.account, subtype: this.#subtype, draft: this.draft.view(), mends: this.mends };
  }

  /** Something was corrected: what was said about it is no longer true. */
  corrected(field: TicketField) {
    delete this.errors[field];
  }

  #touched(field: TicketField) {
    this.corrected(field);
    this.draft.later();
  }

  #check(): boolean {
    const errors: Partial<Record<TicketField, string>> = {};
    if (this.account === "") errors.account = m.field_ticket_account_empty();
    if (this.#type === "") errors.type = m.field_ticket_type_empty();
    else if (this.#subtype === "") errors.subtype = m.field_ticket_subtype_empty();
    if (this.draft.text.trim() === "") errors.text = m.field_text_empty();
    this.errors = errors;
    return Object.keys(errors).length === 0;
  }

  /** Gives the ticket when it is in the queue; else the errors say why not. */
  async send(): Promise<string | null> {
    if (this.going) return null;
    this.apart = null;
    if (!this.#check()) return null;
    this.going = true;
    await this.adding.idle();
    await this.draft.settled();
    const answer = await call("ticket_create", this.view());
    this.going = false;
    if (answer.ok) {
      return answer.value.ticket;
    }
    const { failure } = answer;
    if (failure.code === "field" && failure.field === "ticket_account") this.errors = { account: failureWords(failure) };
    else if (failure.code === "field" && failure.field === "ticket_subtype") this.errors = { subtype: failureWords(failure) };
    else if (failure.code === "field" && failure.field === "text") this.errors = { text: failureWords(failure) };
    else this.apart = failureWords(failure);
    return null;
  }

  /** Everything written so far is thrown away. */
  async clear(): Promise<void> {
    for (const file of this.draft.files) await this.adding.remove(file);
    await this.draft.settled();
    this.draft.clear();
    this.#type = "";
    this.#subtype = "";
    this.errors = {};
    this.apart = null;
    this.adding.problems = [];
    await this.draft.now();
  }
}
