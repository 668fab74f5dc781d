import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  train: "src/train/index.ts",
  node: "src/node/index.ts",
  engine: "src/engine/index.ts",
});
