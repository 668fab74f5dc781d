import { tests } from "../vitest.shared.ts";

export default tests({ test: { include: ["**/*.test.ts"] } });
