export { type BlobsOptions, makeBlobs } from "./make-blobs.js";
export { makeCircles } from "./make-circles.js";
export { makeMoons } from "./make-moons.js";
export { type MadeRegression, makeRegression, type RegressionOptions } from "./make-regression.js";
export { makeSpiral } from "./make-spiral.js";
export type { PointsOptions } from "./points.js";
