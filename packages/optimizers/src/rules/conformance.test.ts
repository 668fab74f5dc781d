import { type OptimizerSubject, optimizerSuite } from "@downhill/testing";
import { describe, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { adamw } from "./adamw.js";
import { muon } from "./muon.js";
import { isElementwise } from "./trace.fixture.js";
import { yogi } from "./yogi.js";

type Make = OptimizerSubject["make"];

/** Muon takes its partner's settings with the partner. */
const withPartner: Make = (settings = {}) => {
  const [own, partner] = [/^(?!partner\.)/, /^partner\./].map((pattern) =>
    Object.fromEntries(
      Object.entries(settings)
        .filter(([name]) => pattern.test(name))
        .map(([name, setting]) => [name.replace(pattern, ""), setting]),
    ),
  );
  return muon(own, adamw(partner));
};

/** Rules that are another subject than their defaults, and why. */
const subjects: Readonly<Record<string, Partial<OptimizerSubject>>> = {
  adadelta: { solves: { learningRate: 1 } },
  adagrad: { solves: { learningRate: 1 } },
  adam: { solvesValley: { learningRate: 0.1 } },
  dog: { solves: {} },
  ftrl: { solves: { learningRate: 1 } },
  lars: { solves: { learningRate: 1 } },
  lion: { solves: { learningRate: 1e-3 } },
  muon: { make: withPartner },
  polyak: { solves: {}, solvesValley: {} },
  rprop: { solvesValley: { learningRate: 0.1 } },
  sgd: { solvesValley: { learningRate: 1e-3, momentum: 0.9 } },
  "sign-sgd": { solves: { learningRate: 1e-3 } },
  signum: { solves: { learningRate: 1e-3 } },
  // Its moments start at 1e-6, also that of the gradient, which has a sign then.
  yogi: { make: (settings) => yogi({ initialAccumulatorValue: 0, ...settings }) },
};

/** What cannot hold, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "refuses misspelt and impossible hyper-parameters, muon":
    "rule and partner refuse them under their own names",
};

describe.each(Object.entries(catalogue.rules))("%s", (name, make) => {
  const subject = {
    make,
    elementwise: isElementwise(make()),
    solves: { learningRate: 0.02 },
    ...subjects[name],
  };
  for (const { title, run } of optimizerSuite) {
    if (`${title}, ${name}` in exceptions) continue;
    it(title, () => run(subject));
  }
});
