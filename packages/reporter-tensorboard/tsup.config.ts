import { library } from "../../tsup.shared.ts";

export default library({ index: "src/index.ts", "node/index": "src/node/index.ts" });
