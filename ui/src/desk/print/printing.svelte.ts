/** A table on paper. */
export interface Sheet {
  title: string;
  /** Under the table. */
  note: string;
  columns: string[];
  rows: string[][];
}

/** What is being printed: put on the page for as long as the system's dialog stands, and shown on paper only. */
class Printing {
  sheet = $state.raw<Sheet | null>(null);

  print(sheet: Sheet) {
    this.sheet = sheet;
  }
}

export const printing = new Printing();
