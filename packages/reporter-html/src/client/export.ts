import { markup } from "../draw/markup.js";
import { type Columns, columnsToCsv } from "../draw/picture.js";
import type { ThemeName } from "../draw/theme.js";
import { element } from "./dom.js";

/** What can be taken away. */
export interface Exportable {
  readonly title: string;
  readonly svg: (theme: ThemeName) => string;
  readonly columns: () => Columns;
}

/** A menu that saves a picture or the numbers behind it. */
export function exportMenu(what: () => Exportable): HTMLElement {
  const menu = element(
    markup`<details class="menu"><summary class="button" title="Save this plot">Save</summary><div>${["PNG", "SVG", "CSV", "JSON"].map((kind) => markup`<button type="button" data-kind="${kind}">${kind}</button>`)}</div></details>`,
  );
  menu.addEventListener("click", (event) => {
    const kind = (event.target as HTMLElement).dataset.kind;
    if (kind === undefined) return;
    menu.removeAttribute("open");
    const { title, svg, columns } = what();
    if (kind === "PNG") rasterize(svg(currentTheme())).then((png) => save(title, "png", png));
    if (kind === "SVG") save(title, "svg", new Blob([svg(currentTheme())], { type: "image/svg+xml" }));
    if (kind === "CSV") save(title, "csv", new Blob([columnsToCsv(columns())], { type: "text/csv" }));
    if (kind === "JSON")
      save(title, "json", new Blob([JSON.stringify(columns())], { type: "application/json" }));
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget as Node | null)) menu.removeAttribute("open");
  });
  return menu;
}

export function currentTheme(): ThemeName {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "dark" || chosen === "light") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function save(title: string, extension: string, content: Blob): void {
  const name = title.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|-+$/g, "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = `${name.slice(0, 80) || "downhill"}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** At twice the size, for screens and paper that show it. */
async function rasterize(svg: string): Promise<Blob> {
  const image = new Image();
  // The page's policy lets pictures in as data, not as blobs.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))));
  });
}
