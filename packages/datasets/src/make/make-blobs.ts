import { randomStream } from "@downhill/core";
import type { Samples } from "../samples.js";
import { type Table, tableOf } from "../table.js";
import { classesOf, requireFrom0, requireWhole } from "./points.js";

export interface BlobsOptions {
  /** Number of points, divided evenly among the classes. Default 200. */
  readonly rows?: number;
  /** Default 2. */
  readonly features?: number;
  /** Number of blobs. Default 2. */
  readonly classes?: number;
  /** Standard deviation of a blob along each axis. Default 1. */
  readonly spread?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
}

/**
 * Normal clouds of points, one per class, around centres drawn uniformly from [-10, 10) along each axis.
 * x: [rows, features].
 */
export function makeBlobs(options: BlobsOptions = {}): Samples {
  return classesOf(blobsTable(options));
}

export function blobsTable({
  rows = 200,
  features = 2,
  classes = 2,
  spread = 1,
  seed = 0,
}: BlobsOptions = {}): Table {
  requireWhole("blobs", "features", features, 1);
  requireWhole("blobs", "classes", classes, 1);
  requireWhole("blobs", "rows", rows, classes);
  requireFrom0("blobs", "spread", spread);
  const random = randomStream(seed).fork("blobs");
  const centres = Array.from({ length: classes * features }, () => 20 * random.uniform() - 10);
  const columns: Record<string, Float64Array> = {};
  for (let j = 0; j < features; j++) {
    columns[`x${j}`] = Float64Array.from(
      { length: rows },
      (_, row) => centres[(row % classes) * features + j]! + spread * random.normal(),
    );
  }
  columns.class = Float64Array.from({ length: rows }, (_, row) => row % classes);
  return tableOf("blobs", columns);
}
