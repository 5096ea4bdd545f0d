import type { AttachmentView } from "../platform/bindings/AttachmentView";

/** What is looked at full size. One for the whole window. */
class Viewing {
  files = $state.raw<AttachmentView[]>([]);
  at = $state(0);

  get file(): AttachmentView | null {
    return this.files[this.at] ?? null;
  }

  /** Opens one of several; the arrows lead to the others. */
  open(files: AttachmentView[], file: AttachmentView) {
    this.files = files;
    this.at = Math.max(0, files.findIndex((other) => other.file === file.file));
  }

  /** The next one or the one before; round the end. */
  step(by: 1 | -1) {
    this.at = (this.at + by + this.files.length) % this.files.length;
  }

  /** The same file, now that it is here. */
  replace(file: AttachmentView) {
    this.files = this.files.map((other) => (other.file === file.file ? file : other));
  }

  close() {
    this.files = [];
  }
}

export const viewing = new Viewing();
