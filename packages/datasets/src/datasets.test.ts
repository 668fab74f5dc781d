import { describe, expect, test } from "vitest";
import { datasets } from "./datasets.js";

describe.each(Object.entries(datasets))("%s", (name, { about, table, load }) => {
  test("is what it says it is", () => {
    expect(table().rows).toBe(about.rows);
    const samples = load();
    expect(samples.info.name).toBe(name);
    expect(samples.info.target).toBe(about.targets[about.task]);
    expect(samples.info.classes !== undefined).toBe(about.task === "classification");
  });

  test("loads with the default target of each task", () => {
    for (const target of Object.values(about.targets)) expect(load({ target }).info.target).toBe(target);
  });

  test("an unknown column is an error that lists all", () => {
    expect(() => load({ target: "nope" })).toThrow(table().columns[0]!.name);
  });
});
