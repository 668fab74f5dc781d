export { csvReporter } from "./csv-reporter.js";
export { fileCheckpoints } from "./file-checkpoints.js";
export { type NdjsonOptions, ndjsonReporter } from "./ndjson-reporter.js";
export { type EventFile, readEvents } from "./read-events.js";
