import { tests } from "../../vitest.shared.ts";

// The tests share no state but modules: one module graph a worker instead of one a file.
export default tests({ test: { isolate: false } });
