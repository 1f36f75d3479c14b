import * as activations from "./kernels/activationGradients";
import { captureModels } from "./capture/layersModel";
import { avgPoolKernel } from "./kernels/avgPool";
import { avgPoolGradKernel } from "./kernels/avgPoolGrad";
import { batchNormKernel } from "./kernels/batchNorm";
import { castKernel } from "./kernels/cast";
import { fillKernel, onesLikeKernel, zerosLikeKernel } from "./kernels/constants";
import { clipByValueKernel, relu6Kernel } from "./kernels/clip";
import { conv2dKernel } from "./kernels/conv2d";
import { conv2dBackpropFilterKernel } from "./kernels/conv2dBackpropFilter";
import { conv2dBackpropInputKernel } from "./kernels/conv2dBackpropInput";
import { concatKernel, packKernel, sliceKernel, splitVKernel, transposeKernel, unpackKernel } from "./kernels/copies";
import * as convolutionLayer from "./kernels/convolutionLayer";
import { denseLayerGradient, denseLayerKernel } from "./kernels/denseLayer";
import { depthwiseConv2dKernel } from "./kernels/depthwiseConv2d";
import { depthwiseConv2dBackpropFilterKernel } from "./kernels/depthwiseConv2dBackpropFilter";
import { depthwiseConv2dBackpropInputKernel } from "./kernels/depthwiseConv2dBackpropInput";
import { conv2dGradient, depthwiseConv2dGradient } from "./kernels/dilatedGradient";
import { einsumKernel } from "./kernels/einsum";
import { einsumGradient } from "./kernels/einsumGradient";
import { addKernel, multiplyKernel, realDivKernel, subKernel } from "./kernels/elementwise";
import { fusedBatchNormKernel } from "./kernels/fusedBatchNorm";
import { fusedConv2dKernel } from "./kernels/fusedConv2d";
import { fusedDepthwiseConv2dKernel } from "./kernels/fusedDepthwiseConv2d";
import { fusedMatMulKernel } from "./kernels/fusedMatMul";
import { gatherKernel } from "./kernels/gather";
import { identityKernel } from "./kernels/identity";
import { layerNormKernel } from "./kernels/layerNorm";
import { matMulKernel } from "./kernels/matMul";
import { maxPoolKernel } from "./kernels/maxPool";
import { maxPoolGradKernel } from "./kernels/maxPoolGrad";
import { meanGradient } from "./kernels/meanGradient";
import { batchNormGradientKernel, layerNormGradientKernel } from "./kernels/normalizationGradient";
import { randomUniformKernel } from "./kernels/randomUniform";
import { softmaxGradientKernel, softmaxKernel } from "./kernels/softmax";
import { meanKernel, sumKernel } from "./kernels/sumRows";
import { tileKernel } from "./kernels/tile";
import { eluKernel, preluKernel, reluKernel, sigmoidKernel, squareKernel, tanhKernel } from "./kernels/unary";
import { unsortedSegmentSumKernel } from "./kernels/unsortedSegmentSum";
import * as crossEntropy from "./kernels/crossEntropy";
import { replaceLayerCalls } from "./layers";
import { replaceLosses } from "./losses";
import { tf } from "./tf";

/** The tfjs kernels that the engine replaces or adds on the wasm backend, by tfjs's name. */
const replaced: Readonly<Record<string, tf.KernelFunc>> = {
  BatchMatMul: matMulKernel,
  _FusedMatMul: fusedMatMulKernel,
  Identity: identityKernel,
  Conv2D: conv2dKernel,
  FusedConv2D: fusedConv2dKernel,
  Conv2DBackpropInput: conv2dBackpropInputKernel,
  Conv2DBackpropFilter: conv2dBackpropFilterKernel,
  MaxPool: maxPoolKernel,
  MaxPoolGrad: maxPoolGradKernel,
  AvgPool: avgPoolKernel,
  AvgPoolGrad: avgPoolGradKernel,
  DepthwiseConv2dNative: depthwiseConv2dKernel,
  FusedDepthwiseConv2D: fusedDepthwiseConv2dKernel,
  DepthwiseConv2dNativeBackpropInput: depthwiseConv2dBackpropInputKernel,
  DepthwiseConv2dNativeBackpropFilter: depthwiseConv2dBackpropFilterKernel,
  UnsortedSegmentSum: unsortedSegmentSumKernel,
  Einsum: einsumKernel,
  Tile: tileKernel,
  Sum: sumKernel,
  Mean: meanKernel,
  BatchNorm: batchNormKernel,
  FusedBatchNorm: fusedBatchNormKernel,
  BatchNormGradient: batchNormGradientKernel,
  LayerNorm: layerNormKernel,
  LayerNormGradient: layerNormGradientKernel,
  Add: addKernel,
  Sub: subKernel,
  Multiply: multiplyKernel,
  RealDiv: realDivKernel,
  Relu: reluKernel,
  Sigmoid: sigmoidKernel,
  Tanh: tanhKernel,
  Square: squareKernel,
  Elu: eluKernel,
  Relu6: relu6Kernel,
  ClipByValue: clipByValueKernel,
  Softmax: softmaxKernel,
  Prelu: preluKernel,
  Cast: castKernel,
  Slice: sliceKernel,
  SplitV: splitVKernel,
  Concat: concatKernel,
  Pack: packKernel,
  Unpack: unpackKernel,
  Transpose: transposeKernel,
  GatherV2: gatherKernel,
  RandomUniform: randomUniformKernel,
  Fill: fillKernel,
  ZerosLike: zerosLikeKernel,
  OnesLike: onesLikeKernel,
  ReluGradient: activations.reluGradientKernel,
  Relu6Gradient: activations.relu6GradientKernel,
  LeakyReluGradient: activations.leakyReluGradientKernel,
  ClipGradient: activations.clipGradientKernel,
  EluGrad: activations.eluGradKernel,
  SigmoidGradient: activations.sigmoidGradientKernel,
  TanhGradient: activations.tanhGradientKernel,
  SoftmaxGradient: softmaxGradientKernel,
  SoftmaxCrossEntropy: crossEntropy.softmaxCrossEntropyKernel,
  SoftmaxCrossEntropyGradient: crossEntropy.softmaxCrossEntropyGradientKernel,
  CategoricalCrossentropy: crossEntropy.categoricalCrossentropyKernel,
  CategoricalCrossentropyGradient: crossEntropy.categoricalCrossentropyGradientKernel,
  DenseLayer: denseLayerKernel,
  ConvolutionLayer: convolutionLayer.convolutionLayerKernel,
  ConvolutionLayerInputGradient: convolutionLayer.convolutionLayerInputGradientKernel,
  ConvolutionLayerFilterGradient: convolutionLayer.convolutionLayerFilterGradientKernel,
};

/**
 * The gradients that the engine replaces or adds, by the kernel they belong to. tfjs knows gradients for all backends at
 * once: on others, the replaced ones do what tfjs's own do.
 */
const gradients: Readonly<Record<string, Omit<tf.GradConfig, "kernelName">>> = {
  Conv2D: { gradFunc: conv2dGradient },
  DepthwiseConv2dNative: { gradFunc: depthwiseConv2dGradient },
  Mean: { gradFunc: meanGradient },
  Einsum: { gradFunc: einsumGradient, saveAllInputs: true },
  SoftmaxCrossEntropy: crossEntropy.softmaxCrossEntropyGradient,
  CategoricalCrossentropy: crossEntropy.categoricalCrossentropyGradient,
  DenseLayer: denseLayerGradient,
  ConvolutionLayer: convolutionLayer.convolutionLayerGradient,
  Relu: activations.reluGradient,
  Relu6: activations.relu6Gradient,
  LeakyRelu: activations.leakyReluGradient,
  ClipByValue: activations.clipGradient,
  Sigmoid: activations.sigmoidGradient,
  Tanh: activations.tanhGradient,
  Softmax: activations.softmaxGradient,
  ReluGradient: activations.reluSecond,
  Relu6Gradient: activations.relu6Second,
  LeakyReluGradient: activations.leakyReluSecond,
  ClipGradient: activations.clipSecond,
  SigmoidGradient: activations.sigmoidSecond,
  TanhGradient: activations.tanhSecond,
  SoftmaxGradient: activations.softmaxSecond,
  SoftmaxCrossEntropyGradient: crossEntropy.softmaxCrossEntropySecond,
};

/** Names of the kernels that the engine replaces or adds on the wasm backend. */
export const kernelNames: readonly string[] = Object.keys(replaced);

/** tfjs's own kernels of these names, as they were when the engine was loaded; some do not exist. */
const stock = kernelNames.map((kernelName) => ({
  kernelName,
  own: tf.getKernel(kernelName, "wasm") as tf.KernelConfig | undefined,
}));

/**
 * Registers the engine's kernels for the wasm backend; a second call changes nothing.
 *
 * The stock kernel's `setupFunc` stays: tfjs runs it at every start of the backend, and the registration of kernels
 * belongs to the name of the backend, so that a backend which is removed and registered again finds them in place.
 */
export function installKernels(): void {
  for (const { kernelName, own } of stock) {
    const kernelFunc = replaced[kernelName];
    const registered = tf.getKernel(kernelName, "wasm") as tf.KernelConfig | undefined;
    if (registered?.kernelFunc === kernelFunc) continue;
    if (registered !== undefined) tf.unregisterKernel(kernelName, "wasm");
    const { setupFunc, disposeFunc } = own ?? {};
    tf.registerKernel({ kernelName, backendName: "wasm", setupFunc, disposeFunc, kernelFunc });
  }
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    const registered = tf.getGradient(kernelName) as tf.GradConfig | undefined;
    if (registered?.gradFunc === gradient.gradFunc) continue;
    if (registered !== undefined) tf.unregisterGradient(kernelName);
    tf.registerGradient({ ...registered, ...gradient, kernelName });
  }
  replaceLayerCalls();
  replaceLosses();
  captureModels();
}
