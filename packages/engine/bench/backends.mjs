// What is compared on Node: TensorFlow.js as it comes, with the engine, with captured steps, and native.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** tfjs on its stock wasm backend, with the missing gradients added so that it can train these models at all. */
async function stock() {
  const tf = require("@tensorflow/tfjs");
  const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
  const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
  setWasmPaths(join(folder, "/"));
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  addFilterGradient(tf);
  addSegmentSum(tf);
  await tf.setBackend("wasm");
  return { tf };
}

/** `UnsortedSegmentSum`, which the gradient of an embedding takes, by a loop in JavaScript. */
function addSegmentSum(tf) {
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: ({ inputs: { x, segmentIds }, backend, attrs: { numSegments } }) => {
      const width = tf.util.sizeFromShape(x.shape.slice(1));
      const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], "float32");
      const [from, ids, to] = [x, segmentIds, out].map((tensor) => backend.typedArrayFromHeap(tensor));
      to.fill(0);
      ids.forEach((id, row) => {
        for (let i = 0; i < width; i++) to[id * width + i] += from[row * width + i];
      });
      return out;
    },
  });
}

/**
 * The fastest `Conv2DBackpropFilter` that stock kernels make: images and gradients with batch and channels exchanged are
 * convolved, strides becoming dilations.
 */
function addFilterGradient(tf) {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs: { x, dy }, backend, attrs }) => {
      const made = [];
      const run = (kernelName, inputs, kernelAttrs) => {
        made.push(tf.getKernel(kernelName, "wasm").kernelFunc({ inputs, backend, attrs: kernelAttrs }));
        return made[made.length - 1];
      };
      const { strides, pad, dimRoundingMode, filterShape } = attrs;
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      const { top, bottom, left, right } = info.padInfo;
      const paddings = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const images = run("Transpose", { x }, { perm: [3, 1, 2, 0] });
      const padded = run("PadV2", { x: images }, { paddings, constantValue: 0 });
      const filter = run("Transpose", { x: dy }, { perm: [1, 2, 0, 3] });
      const dilations = [info.strideHeight, info.strideWidth];
      const convolution = { strides: 1, pad: "valid", dataFormat: "NHWC", dilations, dimRoundingMode: undefined };
      const convolved = run("Conv2D", { x: padded, filter }, convolution);
      const size = [info.inChannels, info.filterHeight, info.filterWidth, info.outChannels];
      const part = run("Slice", { x: convolved }, { begin: [0, 0, 0, 0], size });
      const result = run("Transpose", { x: part }, { perm: [1, 2, 0, 3] });
      for (const { dataId } of made) if (dataId !== result.dataId) backend.disposeData(dataId);
      return result;
    },
  });
}

/** The engine without captured steps. */
async function engine() {
  process.env.DEEPEN_CAPTURE = "0";
  const { tf, ready } = require("@deepen/engine");
  await ready({ engine: "wasm" });
  return { tf };
}

/** The engine as it comes: steps are captured. */
async function captured() {
  const { tf, ready, capture } = require("@deepen/engine");
  await ready({ engine: "wasm" });
  return { tf, capture };
}

/** Native TensorFlow, where `tfjs-node-native` is installed. */
async function native() {
  const util = require("node:util");
  // tfjs-node calls functions that Node has dropped.
  util.isNullOrUndefined = (value) => value == null;
  util.isArray = Array.isArray;
  return { tf: require("tfjs-node-native") };
}

/** True if native TensorFlow is installed. */
export function hasNative() {
  try {
    require.resolve("tfjs-node-native");
    return true;
  } catch {
    return false;
  }
}

export const backends = { stock, engine, captured, native };
