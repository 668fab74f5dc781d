import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  "train/index": "src/train/index.ts",
  "node/index": "src/node/index.ts",
  "engine/index": "src/engine/index.ts",
});
