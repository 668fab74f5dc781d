import { tests } from "../../vitest.shared.ts";
import { withMinifiedShaders } from "./minify-shaders.ts";

const config = tests();
for (const project of config.test!.projects!) {
  if (typeof project === "object" && "test" in project) project.plugins = [withMinifiedShaders];
}

export default config;
