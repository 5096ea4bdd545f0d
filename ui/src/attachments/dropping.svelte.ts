import type { Attachment } from "svelte/attachments";

function filesOf(data: DataTransfer | null): File[] {
  return data === null ? [] : [...data.files];
}

function brings(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Files that are dropped on an element or pasted into it. */
export class Dropping {
  /** Files hang over the element. */
  over = $state(false);
  #take: (files: File[]) => void;
  /** Entering a child comes before leaving its parent. */
  #depth = 0;

  constructor(take: (files: File[]) => void) {
    this.#take = take;
  }

  /** Hangs on the element: `{@attach dropping.here}`. */
  here: Attachment<HTMLElement> = (element) => {
    const enter = (event: DragEvent) => {
      if (brings(event)) {
        this.#depth += 1;
        this.over = true;
      }
    };
    const leave = (event: DragEvent) => {
      if (brings(event)) {
        this.#depth = Math.max(0, this.#depth - 1);
        this.over = this.#depth > 0;
      }
    };
    const hang = (event: DragEvent) => {
      if (brings(event)) {
        event.preventDefault();
      }
    };
    const drop = (event: DragEvent) => {
      if (!brings(event)) {
        return;
      }
      event.preventDefault();
      this.#depth = 0;
      this.over = false;
      this.#take(filesOf(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent) => {
      const files = filesOf(event.clipboardData);
      if (files.length > 0) {
        event.preventDefault();
        this.#take(files);
      }
    };
    element.addEventListener("dragenter", enter);
    element.addEventListener("dragleave", leave);
    element.addEventListener("dragover", hang);
    element.addEventListener("drop", drop);
    element.addEventListener("paste", paste);
    return () => {
      element.removeEventListener("dragenter", enter);
      element.removeEventListener("dragleave", leave);
      element.removeEventListener("dragover", hang);
      element.removeEventListener("drop", drop);
      element.removeEventListener("paste", paste);
    };
  };
}
