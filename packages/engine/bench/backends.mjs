// What is compared: TensorFlow.js as it comes, and with the engine.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** tfjs on its stock wasm backend, with the missing gradient added so that it can train convolutions at all. */
async function stock() {
  const tf = require("@tensorflow/tfjs");
  const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
  const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
  setWasmPaths(join(folder, "/"));
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  addFilterGradient(tf);
  await tf.setBackend("wasm");
  return tf;
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

async function engine() {
  const { tf, ready } = require("@deepen/engine");
  await ready({ engine: "wasm" });
  return tf;
}

export const backends = { stock, engine };
