import { expect, test } from "vitest";
import { everyKind } from "./fixtures/every-kind.js";
import { tensorboard } from "./tensorboard.js";
import { readEvents, series } from "./testing/read-events.js";

test("a page gets a file's bytes, that a Blob can hold", async () => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reporter = tensorboard({ write: (bytes) => void chunks.push(bytes) });
  for (const event of everyKind()) reporter.on(event);
  await reporter.end!(1000);
  const events = readEvents(new Uint8Array(await new Blob(chunks).arrayBuffer()));
  expect(events[0]).toMatchObject({ fileVersion: "brain.Event:2" });
  expect(series(events, ({ number }) => number)["loss/validation"]).toEqual([[2, 0.25]]);
  const images = events.flatMap(({ values }) => values).find(({ plugin }) => plugin === "images")!;
  const bitmap = await createImageBitmap(new Blob([images.texts[2]!.slice()], { type: "image/png" }));
  expect([bitmap.width, bitmap.height]).toEqual([3, 2]);
});
