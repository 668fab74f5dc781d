import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Resvg, type ResvgRenderOptions } from "@resvg/resvg-js";

export interface PngOptions {
  /** Pixels of the image for each pixel of the picture. Default 2. */
  readonly scale?: number;
}

// ES modules know their own place by one name, CommonJS by another; the build makes both of this file. The package is
// found by its name, for a bundler may have put this code elsewhere.
const { resolve } = createRequire(typeof __filename === "string" ? __filename : import.meta.url);
const home = dirname(resolve("@downhill/reporter-html/package.json"));

// The same letters on every machine, whatever fonts it has: CI often has none.
const font = (name: string) => join(home, "fonts", `${name}.ttf`);

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
