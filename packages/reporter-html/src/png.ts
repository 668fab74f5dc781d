import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg, type ResvgRenderOptions } from "@resvg/resvg-js";

export interface PngOptions {
  /** Pixels of the image for each pixel of the picture. Default 2. */
  readonly scale?: number;
}

// ES modules know their own place by one name, CommonJS by another; the build makes both of this file.
const here = typeof __dirname === "string" ? __dirname : dirname(fileURLToPath(import.meta.url));

// The same letters on every machine, whatever fonts it has: CI often has none.
const font = (name: string) => join(here, "..", "fonts", `${name}.ttf`);

/** A picture of this package (or any SVG) as the bytes of a PNG. Needs `@resvg/resvg-js`; in Node. */
export function png(svg: string, { scale = 2 }: PngOptions = {}): Uint8Array {
  const options: ResvgRenderOptions = {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontFiles: [font("Inter-Regular"), font("Inter-SemiBold")],
      loadSystemFonts: false,
      defaultFontFamily: "Inter",
      sansSerifFamily: "Inter",
    },
  };
  return new Resvg(svg, options).render().asPng();
}
