import { describe, expect, it } from "vitest";
import { plateau } from "./plateau.js";

describe("plateau", () => {
  it("goes on from saved state as if it had not stopped", () => {
    const metrics = [1, 0.9, 0.95, 0.95, 0.95, Number.NaN, 0.5, 0.5, 0.5, 0.5];
    const make = () => plateau(1, { patience: 1, factor: 0.5, cooldown: 1 });
    const values = (schedule: ReturnType<typeof make>, from: number) =>
      metrics.slice(from).map((metric) => {
        schedule.observe(metric);
        return schedule(0);
      });
    const whole = values(make(), 0);
    const first = make();
    metrics.slice(0, 4).forEach(first.observe);
    const second = make();
    second.load(JSON.parse(JSON.stringify(first.save())));
    expect(values(second, 4)).toEqual(whole.slice(4));
    expect(whole.at(-1)).toBeLessThan(1);
    expect(make().save()).toEqual({ value: 1, best: null, bad: 0, cooling: 0 });
  });

  it("counts NaN as no progress, at the first evaluation too", () => {
    const schedule = plateau(1, { patience: 0, factor: 0.5 });
    schedule.observe(Number.NaN);
    expect(schedule(0)).toBe(0.5);
    schedule.observe(3);
    expect(schedule.save()).toMatchObject({ best: 3, bad: 0 });
  });

  it("names the metric that it follows, and refuses foreign state", () => {
    expect(plateau(1, { monitor: "validation.accuracy", mode: "max" }).monitor).toBe("validation.accuracy");
    expect(() => plateau(1).load({ t: 3 })).toThrow("plateau: the saved state is");
    expect(() => plateau(1, { factor: 1 })).toThrow(
      "plateau: factor = 1 is not allowed; expected a number between 0 and 1.",
    );
  });
});
