import manifest from "../../package.json" with { type: "json" };

/** Version of this package, which decides with seed and engine which bits a run has. */
export const { version } = manifest;
