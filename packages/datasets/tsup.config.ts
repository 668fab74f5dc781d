import { library } from "../../tsup.shared.ts";

// Datasets, makers, the CSV parser and the list of all are modules of their own, so that bundlers drop those that
// are not used.
export default library(
  {
    index: "src/index.ts",
    csv: "src/read-csv.ts",
    penguins: "src/embedded/penguins.ts",
    iris: "src/embedded/iris.ts",
    digits: "src/embedded/digits.ts",
    make: "src/make/index.ts",
    datasets: "src/datasets.ts",
  },
  { dts: { entry: "src/index.ts", compilerOptions: { customConditions: [] } } },
);
