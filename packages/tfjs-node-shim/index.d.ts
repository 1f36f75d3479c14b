export * from "@tensorflow/tfjs";
/** True: this is TensorFlow.js under the name of its native edition. */
export declare const isShim: true;
