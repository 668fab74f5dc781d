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
