"""Writes the README of the fixtures: how they are laid out, and a table of them all from the registered rules."""

import json

from harness import FIXTURES, RULES

LAYOUT = """# Fixtures: recorded trajectories of independent implementations

Made by `tools/oracles/make.py`; this page too. Never edited by hand, never written by the code under test.

`gradients.json` has the start of three tensors, `w` [3, 4], `b` [4] and `s` [], 100 gradients, which do not depend on
the parameters, and 100 loss values for the rules that use them. Weights are `[in, out]`. 
A rule's fixture:

```
{ "rule": "adam",
  "source": "which implementation, of which version, made the numbers, and where others or the paper differ",
  "cases": [
    { "name": "defaults",
      "hyper": { "learningRate": 0.001, … },      all hyper-parameters, under our names
      "options": { "amsgrad": false },            all options
      "on": { "parameters": 0, "gradients": 1e-6, "first": 40 },
                     where the run is another: factors of the start and the gradients, and the step that comes first
      "steps": [1, 2, 3, 4, 5, 10, 20, 50, 100],
      "trajectory": { "w": [[12 numbers], …], "b": […], "s": […] },   after each of these steps, row-major
      "view": { … },                              the second read-out, where the rule has one
      "float32": 9e-4 } ] }                       the same implementation's deviation in float32, where above 1e-5
```

Every case runs all 100 steps. The case `defaults` has the reference library's defaults. A hyper-parameter that is
missing has a default that JSON cannot write (`growthRate` of Prodigy: Infinity). Transforms and wrappers have a `base`
beside `hyper`: the rule they are composed with, with all of its own hyper-parameters. `partner` at the top is the rule
for the tensors that are not matrices.

The numbers are float64. A good measure of agreement is, for each element at each step, the difference over the
element's largest magnitude from the start to that step: a second implementation (mostly a transcription of the paper)
agrees in this measure within the column "agreement". The trajectory's largest magnitude is a weaker one.

`schedules.json`: values of learning-rate schedules, `values[t]` for t = 0, 1, …, the rate of the first update first.
For `plateau`, `values[i]` is the rate after `metrics[i]`.

`torch_state/`: runs that begin in PyTorch. `NAME.safetensors` is the export of `tools/torch_state.py` after 20 steps
over `gradients.json`, in PyTorch's shapes as they are; `NAME.json` has how the run goes on over the remaining 80,
`steps` counted from the run's beginning. `optax_state/`: the same of `tools/optax_state.py` and optax's Adam family.

`compat-*`: the conventions of optax, Keras and TensorFlow.js, under our names, with these libraries' defaults.

## Rules, transforms, wrappers

"""


def table(report):
    lines = [
        "| fixture | hyper-parameters and defaults | options | cases | agreement |",
        "| --- | --- | --- | --- | --- |",
    ]
    for r in sorted(RULES.values(), key=lambda r: r.name):
        hyper = ", ".join(f"{k} {'Infinity' if v is None else json.dumps(v)}" for k, v in r.hyper.items())
        options = ", ".join(f"{k} {json.dumps(v)}" for k, v in r.options.items())
        worst = f"{report[r.name]:.0e}" if report.get(r.name) is not None else ""
        lines.append(f"| `{r.name}` | {hyper} | {options} | {', '.join(r.cases)} | {worst} |")
    sources = [f"- `{r.name}`: {r.source}." for r in sorted(RULES.values(), key=lambda r: r.name)]
    return "\n".join(lines) + "\n\n## Sources\n\n" + "\n".join(sources) + "\n"


def write(report):
    (FIXTURES / "README.md").write_text(LAYOUT + table(report))
