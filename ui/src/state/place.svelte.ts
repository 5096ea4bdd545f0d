import type { Target } from "../platform/bindings/Target";

export const SECTIONS = ["events", "payment", "readings", "tickets", "profile"] as const;
export type Section = (typeof SECTIONS)[number];

/** What lies over the sheet. One at a time. */
export type Panel = "queue" | "support" | "ticket" | "display" | "find" | "attach" | "again";

/** What «Оплата» shows: paying, all payments, the bills of an account, one bill. */
export type MoneyPage = { page: "pay" } | { page: "history" } | { page: "bills"; account: string } | { page: "bill"; id: string };

/** Where the person is in the window. */
class Place {
  section = $state<Section>("events");
  /** The account everything is narrowed to; `null` for all. */
  account = $state<string | null>(null);
  /** The meter to open in «Показания», asked for by the queue, a toast or the search; the section clears it. */
  meter = $state<string | null>(null);
  /** The ticket that is open in «Заявки»; it stays open while the person looks at other sections. */
  ticket = $state<string | null>(null);
  /** The message that a toast or the search points at; the conversation clears it when it is shown. */
  message = $state<string | null>(null);
  /** The announcement that is open in «События»; it stays open while the person looks at other sections. */
  announcement = $state<string | null>(null);
  /** A new ticket is begun by another section; «Заявки» clears it when the form is open. */
  ordering = $state(false);
  /** The page of «Оплата»; it stays while the person looks at other sections. */
  money = $state.raw<MoneyPage>({ page: "pay" });
  panel = $state<Panel | null>(null);
  /** Who opened the panel gets the focus back. */
  #opener: HTMLElement | null = null;

  goTo(section: Section) {
    // Its name pressed once more leads back to its first page.
    if (section === "payment" && this.section === "payment") {
      this.money = { page: "pay" };
    }
    this.section = section;
    if (section !== "readings") {
      this.meter = null;
    }
    this.close();
  }

  /** Shows what a toast, the search or a row of the queue points at. */
  show(target: Target) {
    switch (target.target) {
      case "meter":
        this.account = null;
        this.meter = target.id === "" ? null : target.id;
        this.goTo("readings");
        break;
      case "readings":
        this.account = null;
        this.goTo("readings");
        break;
      case "queue":
        this.open("queue");
        break;
      case "payment":
        this.money = { page: "pay" };
        this.goTo("payment");
        break;
      case "bill":
        this.goTo("payment");
        this.money = { page: "bill", id: target.id };
        break;
      case "profile":
        this.goTo("profile");
        break;
      case "ticket":
        this.ticket = target.id === "" ? null : target.id;
        this.message = target.message;
        this.goTo("tickets");
        break;
      case "announcement":
        this.announcement = target.id;
        this.goTo("events");
        break;
      case "support":
        this.message = target.message;
        this.open("support");
        break;
      case "person":
        // Whose chat it is, the staff's workplace knows.
        this.message = target.message;
        break;
    }
  }

  open(panel: Panel) {
    if (this.panel === null && document.activeElement instanceof HTMLElement) {
      this.#opener = document.activeElement;
    }
    this.panel = panel;
  }

  toggle(panel: Panel) {
    if (this.panel === panel) {
      this.close();
    } else {
      this.open(panel);
    }
  }

  /** Esc: out of the panel; from the queue always to the pill, whoever opened it. */
  back() {
    const fromQueue = this.panel === "queue";
    this.close();
    if (fromQueue) {
      document.getElementById("pill")?.focus();
    }
  }

  close() {
    if (this.panel === null) {
      return;
    }
    this.panel = null;
    this.#opener?.focus();
    this.#opener = null;
  }
}

export const place = new Place();
