import { tf } from "../../../../packages/engine/src/node";
import { values } from "./reference";

/** A layer to try: the shape of one input, and the layer, whose weights come from the seeds that it asks for. */
export interface LayerCase {
  readonly shape: readonly number[];
  /** Inputs are whole numbers from 0 to 19. */
  readonly indices?: boolean;
  readonly layer: (initializer: () => Initializer) => tf.layers.Layer;
}

type Initializer = ReturnType<typeof tf.initializers.glorotUniform>;

const image = [9, 9, 8];
const oddImage = [7, 6, 5];
const sequence = [10, 6];
const vector = [6];
const same = { padding: "same" } as const;

/** Layers with a kernel, made with their own seeded initialiser. */
const convolutions: Readonly<Record<string, LayerCase>> = {
  dense: {
    shape: vector,
    layer: (init) => tf.layers.dense({ units: 8, activation: "relu", kernelInitializer: init() }),
  },
  "dense on sequences": {
    shape: sequence,
    layer: (init) => tf.layers.dense({ units: 5, kernelInitializer: init() }),
  },
  "dense without bias": {
    shape: vector,
    layer: (init) => tf.layers.dense({ units: 7, useBias: false, kernelInitializer: init() }),
  },
  conv2d: {
    shape: image,
    layer: (init) =>
      tf.layers.conv2d({ ...same, filters: 8, kernelSize: 3, activation: "relu", kernelInitializer: init() }),
  },
  "conv2d of 5 channels to 3": {
    shape: oddImage,
    layer: (init) => tf.layers.conv2d({ filters: 3, kernelSize: 2, kernelInitializer: init() }),
  },
  "conv2d with stride 2": {
    shape: image,
    layer: (init) => tf.layers.conv2d({ ...same, filters: 5, kernelSize: 3, strides: 2, kernelInitializer: init() }),
  },
  "conv2d 5 × 5 with stride 3": {
    shape: image,
    layer: (init) => tf.layers.conv2d({ filters: 7, kernelSize: 5, strides: 3, kernelInitializer: init() }),
  },
  "conv2d 1 × 1": {
    shape: image,
    layer: (init) => tf.layers.conv2d({ filters: 6, kernelSize: 1, kernelInitializer: init() }),
  },
  conv1d: {
    shape: [12, 6],
    layer: (init) => tf.layers.conv1d({ ...same, filters: 8, kernelSize: 3, kernelInitializer: init() }),
  },
  "conv1d with stride 2 and 25 channels": {
    shape: [12, 1],
    layer: (init) =>
      tf.layers.conv1d({
        ...same,
        filters: 25,
        kernelSize: 5,
        strides: 2,
        activation: "relu",
        kernelInitializer: init(),
      }),
  },
  conv2dTranspose: {
    shape: image,
    layer: (init) =>
      tf.layers.conv2dTranspose({ ...same, filters: 6, kernelSize: 3, strides: 2, kernelInitializer: init() }),
  },
  depthwiseConv2d: {
    shape: image,
    layer: (init) => tf.layers.depthwiseConv2d({ ...same, kernelSize: 3, depthwiseInitializer: init() }),
  },
  "depthwiseConv2d with multiplier and stride 2": {
    shape: image,
    layer: (init) =>
      tf.layers.depthwiseConv2d({
        ...same,
        kernelSize: 3,
        strides: 2,
        depthMultiplier: 2,
        depthwiseInitializer: init(),
      }),
  },
  separableConv2d: {
    shape: image,
    layer: (init) =>
      tf.layers.separableConv2d({
        ...same,
        filters: 8,
        kernelSize: 3,
        depthwiseInitializer: init(),
        pointwiseInitializer: init(),
      }),
  },
  conv3d: {
    shape: [6, 6, 6, 2],
    layer: (init) => tf.layers.conv3d({ ...same, filters: 3, kernelSize: 3, kernelInitializer: init() }),
  },
  embedding: {
    shape: [10],
    indices: true,
    layer: (init) => tf.layers.embedding({ inputDim: 20, outputDim: 8, embeddingsInitializer: init() }),
  },
};

const pooling: Readonly<Record<string, LayerCase>> = {
  maxPooling2d: { shape: image, layer: () => tf.layers.maxPooling2d({ poolSize: 2 }) },
  "maxPooling2d, overlapping": {
    shape: image,
    layer: () => tf.layers.maxPooling2d({ ...same, poolSize: 3, strides: 2 }),
  },
  averagePooling2d: { shape: image, layer: () => tf.layers.averagePooling2d({ poolSize: 2 }) },
  "averagePooling2d, overlapping": {
    shape: image,
    layer: () => tf.layers.averagePooling2d({ ...same, poolSize: 3, strides: 2 }),
  },
  maxPooling1d: { shape: [12, 6], layer: () => tf.layers.maxPooling1d({ poolSize: 2 }) },
  averagePooling1d: { shape: [12, 6], layer: () => tf.layers.averagePooling1d({ poolSize: 2 }) },
  maxPooling3d: { shape: [6, 6, 6, 2], layer: () => tf.layers.maxPooling3d({ poolSize: 2 }) },
  averagePooling3d: { shape: [6, 6, 6, 2], layer: () => tf.layers.averagePooling3d({ poolSize: 2 }) },
  globalAveragePooling2d: { shape: image, layer: () => tf.layers.globalAveragePooling2d({}) },
  globalAveragePooling1d: { shape: sequence, layer: () => tf.layers.globalAveragePooling1d({}) },
  globalMaxPooling2d: { shape: image, layer: () => tf.layers.globalMaxPooling2d({}) },
  globalMaxPooling1d: { shape: sequence, layer: () => tf.layers.globalMaxPooling1d({}) },
};

const shaping: Readonly<Record<string, LayerCase>> = {
  upSampling2d: { shape: image, layer: () => tf.layers.upSampling2d({ size: [2, 2] }) },
  "upSampling2d, bilinear": {
    shape: image,
    layer: () => tf.layers.upSampling2d({ size: [2, 2], interpolation: "bilinear" }),
  },
  zeroPadding2d: { shape: image, layer: () => tf.layers.zeroPadding2d({ padding: 1 }) },
  cropping2D: {
    shape: image,
    layer: () =>
      tf.layers.cropping2D({
        cropping: [
          [1, 1],
          [1, 1],
        ],
      }),
  },
  permute: { shape: sequence, layer: () => tf.layers.permute({ dims: [2, 1] }) },
  repeatVector: { shape: vector, layer: () => tf.layers.repeatVector({ n: 3 }) },
  reshape: { shape: sequence, layer: () => tf.layers.reshape({ targetShape: [5, 12] }) },
  flatten: { shape: image, layer: () => tf.layers.flatten() },
  masking: { shape: sequence, layer: () => tf.layers.masking({ maskValue: 0 }) },
};

const normalization: Readonly<Record<string, LayerCase>> = {
  "batchNormalization of images": { shape: image, layer: () => tf.layers.batchNormalization() },
  "batchNormalization of 5 channels": { shape: oddImage, layer: () => tf.layers.batchNormalization() },
  "batchNormalization of vectors": { shape: vector, layer: () => tf.layers.batchNormalization() },
  "batchNormalization of sequences": { shape: sequence, layer: () => tf.layers.batchNormalization() },
  layerNormalization: { shape: sequence, layer: () => tf.layers.layerNormalization() },
  "layerNormalization of images": { shape: image, layer: () => tf.layers.layerNormalization() },
  "layerNormalization over two axes": {
    shape: sequence,
    layer: () => tf.layers.layerNormalization({ axis: [1, 2] }),
  },
  "dropout with a seed": { shape: vector, layer: () => tf.layers.dropout({ rate: 0.4, seed: 5 }) },
};

const recurrent: Readonly<Record<string, LayerCase>> = {
  simpleRNN: {
    shape: sequence,
    layer: (init) => tf.layers.simpleRNN({ units: 8, kernelInitializer: init(), recurrentInitializer: init() }),
  },
  lstm: {
    shape: sequence,
    layer: (init) => tf.layers.lstm({ units: 8, kernelInitializer: init(), recurrentInitializer: init() }),
  },
  "lstm with sigmoid gates": {
    shape: sequence,
    layer: (init) =>
      tf.layers.lstm({
        units: 8,
        recurrentActivation: "sigmoid",
        kernelInitializer: init(),
        recurrentInitializer: init(),
      }),
  },
  "lstm that returns sequences": {
    shape: sequence,
    layer: (init) =>
      tf.layers.lstm({ units: 8, returnSequences: true, kernelInitializer: init(), recurrentInitializer: init() }),
  },
  gru: {
    shape: sequence,
    layer: (init) => tf.layers.gru({ units: 8, kernelInitializer: init(), recurrentInitializer: init() }),
  },
  bidirectional: {
    shape: sequence,
    layer: (init) =>
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 5, kernelInitializer: init(), recurrentInitializer: init() }) as tf.RNN,
        mergeMode: "concat",
      }),
  },
  timeDistributed: {
    shape: sequence,
    layer: (init) => tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4, kernelInitializer: init() }) }),
  },
  convLstm2d: {
    shape: [4, 6, 6, 3],
    layer: (init) =>
      tf.layers.convLstm2d({
        ...same,
        filters: 4,
        kernelSize: 3,
        kernelInitializer: init(),
        recurrentInitializer: init(),
      }),
  },
};

const activationLayers: Readonly<Record<string, LayerCase>> = {
  prelu: { shape: vector, layer: () => tf.layers.prelu() },
  leakyReLU: { shape: vector, layer: () => tf.layers.leakyReLU() },
  elu: { shape: vector, layer: () => tf.layers.elu() },
  reLU: { shape: vector, layer: () => tf.layers.reLU() },
  "reLU up to 0.5": { shape: vector, layer: () => tf.layers.reLU({ maxValue: 0.5 }) },
  thresholdedReLU: { shape: vector, layer: () => tf.layers.thresholdedReLU({ theta: 0.2 }) },
  softmax: { shape: sequence, layer: () => tf.layers.softmax({ axis: -1 }) },
};

const activationNames = [
  "relu",
  "relu6",
  "elu",
  "selu",
  "sigmoid",
  "hardSigmoid",
  "tanh",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "mish",
  "gelu",
] as const;

const activations = Object.fromEntries(
  activationNames.map((activation): [string, LayerCase] => [
    `activation ${activation}`,
    { shape: vector, layer: () => tf.layers.activation({ activation: activation as "relu" }) },
  ]),
);

/** Every kind of layer that tfjs trains on its cpu backend, in the variants that take different kernels. */
export const layerCases: Readonly<Record<string, LayerCase>> = {
  ...convolutions,
  ...pooling,
  ...shaping,
  ...normalization,
  ...recurrent,
  ...activationLayers,
  ...activations,
};

/** A net with the layer, a flattening and a dense layer of three outputs. */
export function netOf({ shape, layer }: LayerCase): tf.LayersModel {
  let seed = 10;
  const initializer = () => tf.initializers.glorotUniform({ seed: ++seed });
  const input = tf.input({ shape: [...shape] });
  let x = layer(initializer).apply(input) as tf.SymbolicTensor;
  if (x.shape.length > 2) x = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
  const last = tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: initializer() });
  return tf.model({ inputs: input, outputs: last.apply(x) as tf.SymbolicTensor });
}

/** A batch for the layer. */
export function inputOf({ shape, indices = false }: LayerCase, batch: number): tf.Tensor {
  const size = batch * tf.util.sizeFromShape([...shape]);
  const numbers = indices ? Float32Array.from({ length: size }, (_, i) => (i * 7) % 20) : values(size, 3);
  return tf.tensor(numbers, [batch, ...shape]);
}
