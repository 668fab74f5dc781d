import { markup } from "../draw/markup.js";
import { element } from "./dom.js";
import type { Runs } from "./runs.js";
import { type Axis, hasEpochs, type View } from "./view.js";

const axisNames: Readonly<Record<Axis, string>> = {
  step: "Step",
  epoch: "Epoch",
  evaluations: "Evaluations",
  time: "Time",
};

/** Controls of how all curves are looked at; `changed` hears of what was chosen. */
export function viewBar(
  runs: Runs,
  view: View,
  changed: (what: "axis" | "smoothing" | "runs") => void,
): HTMLElement {
  const axes = (Object.keys(axisNames) as Axis[]).filter(
    (axis) =>
      (axis !== "evaluations" || runs.some(({ record }) => record.steps.columns.evaluations)) &&
      (axis !== "epoch" || runs.some(({ record }) => hasEpochs(record))),
  );
  const root = element(
    markup`<form class="bar"><fieldset class="segments"><legend>x axis</legend>${axes.map((axis) => markup`<label><input type="radio" name="axis" value="${axis}">${axisNames[axis]}</label>`)}</fieldset><label class="toggle"><input type="checkbox" name="logX">log x</label><label class="smoothing">smoothing <input type="range" name="smoothing" min="0" max="100" step="1"><output></output></label>${runs.length > 1 && markup`<fieldset class="runs"><legend>runs</legend>${runs.map(({ name, index }) => markup`<label><input type="checkbox" name="run" value="${index}" checked><i class="swatch" style="background:var(--series-${index % 8})"></i>${name}</label>`)}</fieldset>`}</form>`,
  ) as HTMLFormElement;
  const input = <E extends HTMLInputElement>(name: string) => root.elements.namedItem(name) as E;
  const output = root.querySelector("output")!;
  const slider = input("smoothing");
  (root.elements.namedItem("axis") as RadioNodeList).value = view.axis;
  slider.value = String(toSlider(view.smoothing));
  output.textContent = describe(view.smoothing);
  root.addEventListener("submit", (event) => event.preventDefault());
  root.addEventListener("input", ({ target }) => {
    const { name, value, checked } = target as HTMLInputElement;
    if (name === "axis") view.axis = value as Axis;
    else if (name === "logX") view.logX = checked;
    else if (name === "smoothing") {
      view.smoothing = fromSlider(Number(value));
      output.textContent = describe(view.smoothing);
    } else if (checked) view.hidden.delete(Number(value));
    else view.hidden.add(Number(value));
    changed(name === "smoothing" ? "smoothing" : name === "run" ? "runs" : "axis");
  });
  return root;
}

const describe = (beta: number) => (beta === 0 ? "off" : `EMA ${beta}`);

// Even steps of the slider are even factors of the window 1 / (1 − beta), up to 1000.
const fromSlider = (position: number) =>
  Number((1 - 10 ** ((-3 * position) / 100)).toFixed(position > 66 ? 4 : 3));
const toSlider = (beta: number) => Math.round((-100 / 3) * Math.log10(1 - beta));
