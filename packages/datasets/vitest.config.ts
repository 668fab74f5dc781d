import { tests } from "../../vitest.shared.ts";

export default tests({ test: { setupFiles: ["src/test-support/seed.ts"] } });
