import * as tf from "@tensorflow/tfjs";
// Registers the wasm backend and its kernels with the one tfjs-core.
import "@tensorflow/tfjs-backend-wasm";

export { tf };
