import { tests } from "../../vitest.shared.ts";

export default tests({ test: { globalSetup: "src/testing/bundle.ts", testTimeout: 30_000 } });
