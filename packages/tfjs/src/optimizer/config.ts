import { describeSetting, type Optimizer, type Setting } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import type { serialization } from "@tensorflow/tfjs-core";
import type { Description } from "./description.js";

/** What `getConfig` gives: plain data, with the seed of the noise. */
export interface Config extends Description {
  readonly seed: number;
}

/** An optimizer as its settings are now. */
export function describe(
  { name, options }: Optimizer<any>,
  settings: Readonly<Record<string, Setting>>,
): Description {
  const described = Object.entries(settings).map(([key, setting]) => [key, describeSetting(setting)]);
  return { optimizer: name, settings: Object.fromEntries(described), options };
}

// Loading a model, tfjs turns every snake_case in a configuration, in texts too, into camelCase.
const hide = (text: string) => text.replaceAll("_", "\\u005f");
const show = (text: string) => text.replaceAll("\\u005f", "_");

export const toConfig = (config: Config): serialization.ConfigDict =>
  mapText(config as unknown as Json, hide) as unknown as serialization.ConfigDict;

export const fromConfig = (config: serialization.ConfigDict): Config =>
  mapText(config as unknown as Json, show) as unknown as Config;

function mapText(json: Json, map: (text: string) => string): Json {
  if (typeof json === "string") return map(json);
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => mapText(item, map));
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [map(key), mapText(item, map)]));
}
