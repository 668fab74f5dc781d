import type { Floats } from "../program/program.js";
import { CheckpointError } from "./checkpoint-store.js";
import { crc32 } from "./crc32.js";
import type { StopperState } from "./early-stopping.js";
import type { Ending } from "./ending.js";
import type { Json } from "./events.js";
import type { Marks } from "./hub.js";
import type { KeeperState } from "./keeper.js";
import type { LearnerState } from "./learner-state.js";
import { packPlain, unpackPlain } from "./plain-data.js";
import { decodeSafetensors, encodeSafetensors, FormatError } from "./safetensors.js";
import type { Progress } from "./training.js";

/** All that the rest of a run depends on, and what it must be resumed with. */
export interface Snapshot {
  readonly run: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Data, model, optimizer and settings, as JSON: equal in the run that goes on. */
  readonly made: Json;
  readonly progress: Readonly<Progress> & { readonly timeMs: number };
  readonly learner: LearnerState;
  readonly keeper: KeeperState & { readonly good: Floats };
  readonly stopper?: StopperState;
  /** State of the schedules that follow a metric, in the optimizer's order. */
  readonly followers: readonly Json[];
  readonly history: HistoryColumns;
  /** Why the run has ended, where it would have without interruption too. */
  readonly ended?: Ending;
  /** Whether an uninterrupted run saves here too, and says so in an event. */
  readonly regular: boolean;
  readonly marks: Marks;
}

/** Epochs by column; figures of the validation data by metric, NaN in epochs without evaluation. */
export interface HistoryColumns {
  readonly step: Float64Array;
  readonly loss: Float64Array;
  readonly timeMs: Float64Array;
  /** 1 where the validation data was evaluated. */
  readonly evaluated: Float64Array;
  readonly validation: Readonly<Record<string, Float64Array>>;
}

const format = "downhill-checkpoint";
const formatVersion = "1";
const noChecksum = "00000000";

/** A snapshot as one safetensors file, with a checksum over all of it. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const { json, tensors } = packPlain(snapshot);
  const metadata = { format, version: formatVersion, checksum: noChecksum, contents: JSON.stringify(json) };
  const bytes = encodeSafetensors(tensors, metadata);
  const at = checksumAt(bytes)!;
  bytes.set(new TextEncoder().encode(crc32(bytes).toString(16).padStart(8, "0")), at);
  return bytes;
}

/** Reads a snapshot strictly; throws a CheckpointError that names the place and what is wrong. */
export function decodeSnapshot(bytes: Uint8Array, name: string): Snapshot {
  const wrong = (what: string) => new CheckpointError(`checkpoint ${name}: ${what}`);
  let file: ReturnType<typeof decodeSafetensors>;
  try {
    file = decodeSafetensors(bytes);
  } catch (error) {
    throw error instanceof FormatError ? wrong(error.message.replace(/^safetensors: /, "")) : error;
  }
  const { format: found, version, checksum, contents } = file.metadata;
  if (found !== format || contents === undefined || checksum === undefined) {
    throw wrong("this safetensors file is no checkpoint of a training. Was it saved by something else?");
  }
  if (version !== formatVersion) {
    throw wrong(
      `it has version ${version} of the format; this version of Downhill reads version ${formatVersion}.`,
    );
  }
  const at = checksumAt(bytes);
  const blank = new TextEncoder().encode(noChecksum);
  const sum = at === undefined ? -1 : crc32(bytes.subarray(0, at), blank, bytes.subarray(at + blank.length));
  if (sum.toString(16).padStart(8, "0") !== checksum) {
    throw wrong(
      "its contents do not have the checksum it says: it was altered after it was saved, or is damaged.",
    );
  }
  return unpackPlain(JSON.parse(contents) as Json, file.tensors) as Snapshot;
}

/** Where the checksum's digits are. In the contents, which are a text in JSON, quotes look different. */
function checksumAt(bytes: Uint8Array): number | undefined {
  const key = new TextEncoder().encode('"checksum":"');
  for (let i = 8; i < bytes.length - key.length; i++) {
    let n = 0;
    while (n < key.length && bytes[i + n] === key[n]) n++;
    if (n === key.length) return i + n;
  }
  return undefined;
}
