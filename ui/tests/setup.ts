import "@testing-library/jest-dom/vitest";

// jsdom has neither: the native dialog opens and closes by its attribute here.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};

window.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener: () => {}, removeEventListener: () => {} }) as unknown as MediaQueryList;
Element.prototype.scrollTo ??= () => {};
Element.prototype.scrollIntoView ??= () => {};

// jsdom lays nothing out. What scrolls is 600 px high here, every row in it 60, so that lists know what they show.
class Sizes implements ResizeObserver {
  #tell: ResizeObserverCallback;
  #watched = new Set<Element>();

  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell;
  }

  observe(target: Element) {
    this.#watched.add(target);
    const height = target.getAttribute("role") === "region" ? 600 : 60;
    queueMicrotask(() => {
      if (this.#watched.has(target)) {
        this.#tell([{ target, contentRect: { width: 800, height } as DOMRectReadOnly } as ResizeObserverEntry], this);
      }
    });
  }

  unobserve(target: Element) {
    this.#watched.delete(target);
  }

  disconnect() {
    this.#watched.clear();
  }
}
window.ResizeObserver ??= Sizes;
