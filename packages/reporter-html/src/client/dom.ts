import type { Markup } from "../draw/markup.js";

/** The first element of some markup, not yet in the page. */
export function element<E extends Element = HTMLElement>({ markup }: Markup): E {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content.firstElementChild as E;
}

/** The only element that a selector finds. */
export function find<E extends Element = HTMLElement>(root: ParentNode, selector: string): E {
  const found = root.querySelector<E>(selector);
  if (found === null) throw new Error(`The report has no "${selector}".`);
  return found;
}

let isPrinting = false;
addEventListener("beforeprint", () => {
  isPrinting = true;
});
addEventListener("afterprint", () => {
  isPrinting = false;
});

/** Width of a picture on paper of A4 or Letter, in pixels: of one over the whole line, and of one of two beside another. */
const paperWidths = { whole: 640, half: 306 } as const;

/**
 * Draws a picture as wide as its place is, once a frame and whenever that changes; for paper as wide as it will be there,
 * so that letters stay as large as the text around them. The result draws it anew.
 */
export function drawnIn(place: HTMLElement, least: number, paint: (width: number) => void): () => void {
  const onPaper = () => (place.closest(".wide") ? paperWidths.whole : paperWidths.half);
  const now = () => paint(Math.max(least, isPrinting ? onPaper() : place.clientWidth));
  const soon = onceAFrame(now);
  addEventListener("beforeprint", now);
  addEventListener("afterprint", soon);
  new ResizeObserver(soon).observe(place);
  return soon;
}

/** Calls `act` at most once a frame, however often it is asked to. */
export function onceAFrame(act: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act();
    });
  };
}
