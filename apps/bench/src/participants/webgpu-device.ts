import { create, globals } from "webgpu";

/** Dawn as a page's WebGPU, for tfjs's backend; false where there is no adapter. */
export async function provideWebGpu(): Promise<boolean> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (!globalThis.navigator) Object.defineProperty(globalThis, "navigator", { value: {} });
  Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  return (await gpu.requestAdapter()) !== null;
}
