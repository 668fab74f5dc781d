import { defineTransform } from "@downhill/core";

/**
 * Clips each element to [-clipValue, clipValue]: `clipByValue(0.5)`.
 *
 * As PyTorch's `clip_grad_value_`, optax's `clip`, Keras's `clipvalue`.
 */
export const clipByValue = defineTransform({
  name: "clip-by-value",
  hyper: {
    clipValue: { default: 1, above: 0, max: Infinity, log: true, about: "Largest magnitude of an element." },
  },
  main: "clipValue",
  update: ({ gradient: g }, { clipValue }) => ({ gradient: g.clamp(clipValue.neg(), clipValue) }),
});
