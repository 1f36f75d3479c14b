// The engine's WebAssembly module. It owns no memory: no strings, arrays or static data, so that it can work in the
// memory of TensorFlow.js's wasm backend without ever colliding with its heap.
export { matMul, matMulScratch } from "./gemm";
export { zero } from "./layout";
export { convolve, convolveInputGradient, convolveInputGradientScratch, convolveScratch } from "./convolution";
export { convolveFilterGradient, convolveFilterGradientScratch } from "./convolutionFilter";
export { avgPool, avgPoolGradient, maxPool, maxPoolGradient } from "./pooling";
export { convolveDepthwise, convolveDepthwiseFilterGradient, convolveDepthwiseInputGradient } from "./depthwise";
export { segmentSum } from "./segmentSum";
export { repeat } from "./repeat";
export { sumRows } from "./sumRows";
export { batchNorm, batchNormGradient, fusedBatchNorm } from "./batchNorm";
export { layerNorm, layerNormGradient } from "./layerNorm";
export { adam, momentumSgd, rmsprop, scale, sgd } from "./optimizers";
export { add, divide, multiply, subtract } from "./elementwise";
export { clip, elu, finishRows, relu, sigmoid, square, tanh } from "./activations";
export { clipGradient, eluGradient, leakyReluGradient, relu6Gradient, reluGradient } from "./activations";
export { sigmoidGradient, tanhGradient } from "./activations";
export { softmax, softmaxCrossEntropy, softmaxCrossEntropyGradient, softmaxGradient } from "./softmax";
export { categoricalCrossentropy, categoricalCrossentropyGradient } from "./crossEntropy";
export { boolToFloat, boolToInt, copyRows, floatToInt, intToFloat } from "./copies";
export { prelu } from "./activations";
export { randomUniform } from "./random";
export { addSquaresTo, clipToNorm } from "./globalNorm";
