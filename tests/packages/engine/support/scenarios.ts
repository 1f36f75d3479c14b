import { tf } from "../../../../packages/engine/src/node";

type Layer = tf.layers.Layer;
type Initializer = ReturnType<typeof tf.initializers.glorotUniform>;

/** A model to train, what its inputs are like, and what happens between its steps. */
export interface Scenario {
  readonly shape: readonly number[];
  readonly layers: (init: () => Initializer) => Layer[];
  readonly optimizer?: () => tf.Optimizer;
  readonly loss?: string;
  /** Examples in the batch of a step; 8 by default. */
  readonly batch?: (step: number) => number;
  /** Inputs are whole numbers below 9. */
  readonly indices?: boolean;
  readonly between?: (model: tf.Sequential, step: number) => void;
}

const vector = [6];
const sequence = [5, 3];

const dense = (
  init: () => Initializer,
  units: number,
  activation: string,
  more: Partial<Parameters<typeof tf.layers.dense>[0]> = {},
): Layer => tf.layers.dense({ units, activation: activation as "relu", kernelInitializer: init(), ...more });

const first = (init: () => Initializer, units: number, activation: string, more = {}): Layer =>
  dense(init, units, activation, { inputShape: vector, ...more });

const last = (init: () => Initializer): Layer => dense(init, 4, "softmax");

const mlp = (init: () => Initializer): Layer[] => [first(init, 16, "relu"), last(init)];

const recurrentInits = (init: () => Initializer) => ({ kernelInitializer: init(), recurrentInitializer: init() });

const setRate =
  (rate: (step: number) => number): Scenario["between"] =>
  (model, step) => {
    (model.optimizer as unknown as { learningRate: number }).learningRate = rate(step);
  };

const optimizers: Readonly<Record<string, Scenario>> = Object.fromEntries(
  (
    [
      ["sgd", () => tf.train.sgd(0.1)],
      ["momentum", () => tf.train.momentum(0.1, 0.9)],
      ["Nesterov's momentum", () => tf.train.momentum(0.1, 0.9, true)],
      ["rmsprop", () => tf.train.rmsprop(0.01)],
      ["adagrad", () => tf.train.adagrad(0.1)],
      ["adadelta", () => tf.train.adadelta(0.1)],
      ["adamax", () => tf.train.adamax(0.01)],
      ["adam", () => tf.train.adam(0.01)],
    ] as const
  ).map(([name, optimizer]) => [name, { shape: vector, layers: mlp, optimizer }]),
);

const between: Readonly<Record<string, Scenario>> = {
  "a learning rate that follows a schedule": {
    shape: vector,
    layers: mlp,
    between: setRate((step) => 0.01 * Math.cos(step / 10)),
  },
  "a learning rate of sgd that is set": {
    shape: vector,
    layers: mlp,
    optimizer: () => tf.train.sgd(0.1),
    between(model, step) {
      if (step === 5) (model.optimizer as unknown as tf.SGDOptimizer).setLearningRate(0.01);
    },
  },
  "a learning rate of adagrad that changes": {
    shape: vector,
    layers: mlp,
    optimizer: () => tf.train.adagrad(0.1),
    between: setRate((step) => (step < 6 ? 0.1 : 0.03)),
  },
  "another number of adam that changes": {
    shape: vector,
    layers: mlp,
    between(model, step) {
      if (step === 6) (model.optimizer as unknown as { epsilon: number }).epsilon = 1e-3;
    },
  },
  "weights set in between": {
    shape: vector,
    layers: mlp,
    between(model, step) {
      if (step === 6 || step === 8) model.setWeights(model.getWeights().map((weight) => weight.mul(0.5)));
    },
  },
  "predictions in between": {
    shape: vector,
    layers: mlp,
    between(model, step) {
      if (step > 4) model.predict(tf.ones([3, 6]));
    },
  },
  "two batch sizes in turns": {
    shape: vector,
    layers: (init) => [first(init, 16, "relu"), tf.layers.batchNormalization(), last(init)],
    batch: (step) => (step % 3 === 2 ? 5 : 8),
  },
};

const layers: Readonly<Record<string, Scenario>> = {
  "dropout with a seed": {
    shape: vector,
    layers: (init) => [first(init, 16, "relu"), tf.layers.dropout({ rate: 0.5, seed: 3 }), last(init)],
  },
  "an l2 penalty": {
    shape: vector,
    layers: (init) => [first(init, 16, "tanh", { kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }) }), last(init)],
  },
  "a bound on the norms of weights": {
    shape: vector,
    layers: (init) => [
      first(init, 16, "tanh", { kernelConstraint: tf.constraints.maxNorm({ maxValue: 1, axis: 0 }) }),
      last(init),
    ],
  },
  "layer normalisation": {
    shape: vector,
    layers: (init) => [first(init, 16, "elu"), tf.layers.layerNormalization(), last(init)],
  },
  "batch normalisation": {
    shape: vector,
    layers: (init) => [first(init, 16, "selu"), tf.layers.batchNormalization(), last(init)],
  },
  "prelu and leaky relu": {
    shape: vector,
    layers: (init) => [
      first(init, 16, "linear"),
      tf.layers.prelu(),
      dense(init, 16, "linear"),
      tf.layers.leakyReLU(),
      last(init),
    ],
  },
  gru: {
    shape: sequence,
    layers: (init) => [tf.layers.gru({ units: 8, inputShape: sequence, ...recurrentInits(init) }), last(init)],
  },
  "a simple rnn under an lstm": {
    shape: sequence,
    layers: (init) => [
      tf.layers.simpleRNN({ units: 8, inputShape: sequence, returnSequences: true, ...recurrentInits(init) }),
      tf.layers.lstm({ units: 4, ...recurrentInits(init) }),
      last(init),
    ],
  },
  "an lstm in both directions": {
    shape: sequence,
    layers: (init) => [
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 4, ...recurrentInits(init) }) as tf.RNN,
        inputShape: sequence,
        mergeMode: "concat",
      }),
      last(init),
    ],
  },
  "a dense layer at each time": {
    shape: sequence,
    layers: (init) => [
      tf.layers.timeDistributed({ layer: dense(init, 6, "relu"), inputShape: sequence }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  embedding: {
    shape: [5],
    indices: true,
    layers: (init) => [
      tf.layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 5, embeddingsInitializer: init() }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  "convolution and max pooling": {
    shape: [8, 8, 2],
    layers: (init) => [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        inputShape: [8, 8, 2],
        activation: "relu",
        kernelInitializer: init(),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  "strided convolution and average pooling": {
    shape: [8, 8, 2],
    layers: (init) => [
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        inputShape: [8, 8, 2],
        activation: "relu6",
        kernelInitializer: init(),
      }),
      tf.layers.averagePooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  "depthwise convolution": {
    shape: [8, 8, 4],
    layers: (init) => [
      tf.layers.depthwiseConv2d({ kernelSize: 3, inputShape: [8, 8, 4], depthwiseInitializer: init() }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  "separable convolution": {
    shape: [8, 8, 4],
    layers: (init) => [
      tf.layers.separableConv2d({
        filters: 4,
        kernelSize: 3,
        inputShape: [8, 8, 4],
        depthwiseInitializer: init(),
        pointwiseInitializer: init(),
      }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  "transposed convolution": {
    shape: [4, 4, 2],
    layers: (init) => [
      tf.layers.conv2dTranspose({
        filters: 4,
        kernelSize: 3,
        strides: 2,
        inputShape: [4, 4, 2],
        kernelInitializer: init(),
      }),
      tf.layers.globalMaxPooling2d({}),
      last(init),
    ],
  },
  upsampling: {
    shape: [4, 4, 2],
    layers: (init) => [
      tf.layers.upSampling2d({ size: [2, 2], inputShape: [4, 4, 2] }),
      tf.layers.conv2d({ filters: 4, kernelSize: 3, kernelInitializer: init() }),
      tf.layers.globalAveragePooling2d({}),
      last(init),
    ],
  },
  "padding and cropping": {
    shape: [6, 6, 2],
    layers: (init) => [
      tf.layers.zeroPadding2d({ padding: 1, inputShape: [6, 6, 2] }),
      tf.layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
      tf.layers.conv2d({ filters: 4, kernelSize: 3, kernelInitializer: init() }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  conv3d: {
    shape: [4, 4, 4, 2],
    layers: (init) => [
      tf.layers.conv3d({ filters: 4, kernelSize: 3, inputShape: [4, 4, 4, 2], kernelInitializer: init() }),
      tf.layers.flatten(),
      last(init),
    ],
  },
  "permuted and repeated vectors": {
    shape: vector,
    layers: (init) => [
      first(init, 6, "softplus"),
      tf.layers.repeatVector({ n: 3 }),
      tf.layers.permute({ dims: [2, 1] }),
      tf.layers.reshape({ targetShape: [18] }),
      last(init),
    ],
  },
  "squared hinge loss": {
    shape: vector,
    layers: (init) => [first(init, 6, "softsign"), dense(init, 4, "tanh")],
    loss: "squaredHinge",
  },
  "squared error of a gelu": {
    shape: vector,
    layers: (init) => [first(init, 6, "gelu"), dense(init, 4, "sigmoid")],
    loss: "meanSquaredError",
  },
};

/** What models are made of and what is done with them between steps. */
export const scenarios: Readonly<Record<string, Scenario>> = { ...optimizers, ...between, ...layers };

/** Scenarios whose steps must stay ordinary, with a word of the reason. */
export const ordinaryScenarios: Readonly<Record<string, Scenario & { readonly because: RegExp }>> = {
  "dropout without a seed": {
    shape: vector,
    layers: (init) => [first(init, 16, "relu"), tf.layers.dropout({ rate: 0.5 }), last(init)],
    because: /memory of .* bytes/,
  },
  "gaussian noise": {
    shape: vector,
    layers: (init) => [first(init, 16, "relu"), tf.layers.gaussianNoise({ stddev: 0.5 }), last(init)],
    because: /memory of .* bytes/,
  },
};
