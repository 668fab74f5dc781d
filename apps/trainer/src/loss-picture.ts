import { fromNum, type Reporter } from "@downhill/core/train";
import { type Curve, curveSvg } from "@downhill/reporter-html";
import { writePicture } from "./write-file.js";

/** Draws the losses of steps and of validation rows into a file when the run has ended. */
export function lossPicture(
  path: string,
  axes: { readonly logX?: boolean; readonly logY?: boolean },
): Reporter {
  const steps = { name: "loss of each step's rows", x: [] as number[], y: [] as number[] };
  const validation = { name: "validation", x: [] as number[], y: [] as number[] };
  let title = "";
  return {
    name: "plot",
    steps: { everyMs: 10 },
    on(event) {
      if (event.type === "run-start")
        title = `${event.model.name} on ${event.data.name}, ${event.optimizer.name}`;
      if (event.type === "step") add(steps, event.step, fromNum(event.value));
      if (event.type === "epoch" && event.metrics.validation?.loss !== undefined)
        add(validation, event.step, fromNum(event.metrics.validation.loss));
    },
    end() {
      const curves: Curve[] = [steps, validation].filter(({ x }) => x.length > 0);
      return writePicture(path, curveSvg(curves, { title, xLabel: "step", yLabel: "loss", ...axes }));
    },
  };
}

function add(curve: { readonly x: number[]; readonly y: number[] }, x: number, y: number): void {
  curve.x.push(x);
  curve.y.push(y);
}
