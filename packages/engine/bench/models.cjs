// The nine models that are measured and checked, each with weights and data that depend on nothing but the numbers below:
// pytorch.py makes the same ones, number by number.
"use strict";

/** Deterministic numbers in (-1, 1), rounded to float32: Lehmer's generator with Park and Miller's multiplier. */
function numbers(seed) {
  let state = seed;
  return (count) =>
    Float32Array.from({ length: count }, () => {
      state = (state * 48271) % 2147483647;
      return (2 * state) / 2147483647 - 1;
    });
}

/** Inputs, uniform in (0, 1). */
const inputs = (tf, shape) =>
  tf.tensor(
    numbers(1234567)(tf.util.sizeFromShape(shape)).map((number) => (number + 1) / 2),
    shape,
  );

const oneHot = (tf, batch, classes) =>
  tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batch }, (_, i) => i % classes),
      "int32",
    ),
    classes,
  );

/** Matrices and filters uniform with He's variance, scales around 1, other vectors around 0. */
function firstWeights(tf) {
  const next = numbers(20011);
  return (name, shape) => {
    const drawn = next(tf.util.sizeFromShape(shape));
    if (shape.length === 1) {
      const centre = /(gamma|g\d)$/.test(name) ? 1 : 0;
      return tf.tensor(
        drawn.map((number) => centre + 0.1 * number),
        shape,
      );
    }
    const scale = Math.sqrt(6 / tf.util.sizeFromShape(shape.slice(0, -1)));
    return tf.tensor(
      drawn.map((number) => scale * number),
      shape,
    );
  };
}

/** Makes layers, and remembers them in the order in which they are made. */
function workshop(tf) {
  const made = [];
  const layers = Object.fromEntries(
    Object.keys(tf.layers).map((kind) => [
      kind,
      (options = {}) => {
        made.push(tf.layers[kind](options));
        return made[made.length - 1];
      },
    ]),
  );
  return { layers, made };
}

/** A tf.LayersModel with cross-entropy and Adam, ready to train. */
function training(tf, model, made, x, y) {
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" });
  const first = firstWeights(tf);
  const weights = {};
  for (const [place, layer] of made.entries()) {
    for (const weight of layer.trainableWeights) {
      const name = `${place}/${weight.originalName.split("/").pop()}`;
      weights[name] = weight.read();
      tf.tidy(() => weight.write(first(name, weight.shape)));
    }
  }
  const loss = () =>
    tf.tidy(() => tf.mean(tf.metrics.categoricalCrossentropy(y.toFloat(), model.apply(x, { training: true }))));
  return { model, weights, x, y, loss, step: () => model.trainOnBatch(x, y) };
}

function sequential(tf, make, inputShape, classes, batch) {
  const { layers, made } = workshop(tf);
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), ...make(layers)] });
  return training(tf, model, made, inputs(tf, [batch, ...inputShape]), oneHot(tf, batch, classes));
}

/** Dense layers of the given widths between the inputs and ten classes. */
const mlp = (tf, widths, features, batch) =>
  sequential(
    tf,
    ({ dense }) => [
      ...widths.map((units) => dense({ units, activation: "relu" })),
      dense({ units: 10, activation: "softmax" }),
    ],
    [features],
    10,
    batch,
  );

/** Two convolutions with pooling on images of 28 × 28. */
const cnn = (tf, batch) =>
  sequential(
    tf,
    ({ conv2d, maxPooling2d, flatten, dense }) => [
      conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 64, activation: "relu" }),
      dense({ units: 10, activation: "softmax" }),
    ],
    [28, 28, 1],
    10,
    batch,
  );

/** Three convolutions of 25 channels on sequences of 40 numbers. */
const cnnOfSequences = (tf, batch) =>
  sequential(
    tf,
    ({ conv1d, flatten, dense }) => [
      ...[5, 3, 3].map((kernelSize) =>
        conv1d({ filters: 25, kernelSize, strides: 2, padding: "same", activation: "relu" }),
      ),
      flatten(),
      dense({ units: 10, activation: "softmax" }),
    ],
    [40, 1],
    10,
    batch,
  );

/** 64 LSTM cells over 40 times of 32 numbers; 32 classes. */
const lstm = (tf, recurrentActivation, batch) =>
  sequential(
    tf,
    (layers) => [
      layers.lstm({ units: 64, recurrentActivation, recurrentInitializer: "zeros" }),
      layers.dense({ units: 32, activation: "softmax" }),
    ],
    [40, 32],
    32,
    batch,
  );

/** ResNet-20 on images of 28 × 28: a convolution, nine blocks of two, 1 × 1 convolutions where the size changes. */
function resnet20(tf, batch) {
  const { layers, made } = workshop(tf);
  const convolve = (x, filters, strides, kernelSize = 3) =>
    layers.conv2d({ filters, kernelSize, strides, padding: "same", useBias: false }).apply(x);
  const normalize = (x) => layers.batchNormalization().apply(x);
  const relu = (x) => layers.reLU().apply(x);
  const input = tf.input({ shape: [28, 28, 1] });
  let x = relu(normalize(convolve(input, 16, 1)));
  for (const filters of [16, 32, 64]) {
    for (let block = 0; block < 3; block++) {
      const strides = filters > 16 && block === 0 ? 2 : 1;
      const inner = relu(normalize(convolve(x, filters, strides)));
      const outer = normalize(convolve(inner, filters, 1));
      const shortcut = strides === 2 ? convolve(x, filters, 2, 1) : x;
      x = relu(layers.add().apply([outer, shortcut]));
    }
  }
  const pooled = layers.globalAveragePooling2d().apply(x);
  const outputs = layers.dense({ units: 10, activation: "softmax" }).apply(pooled);
  const model = tf.model({ inputs: input, outputs });
  return training(tf, model, made, inputs(tf, [batch, 28, 28, 1]), oneHot(tf, batch, 10));
}

/** ResNet-20 on sequences of 40 numbers, 16 channels throughout. */
function resnet20OfSequences(tf, batch) {
  const { layers, made } = workshop(tf);
  const convolve = (x) => layers.conv1d({ filters: 16, kernelSize: 3, padding: "same", useBias: false }).apply(x);
  const normalize = (x) => layers.batchNormalization().apply(x);
  const relu = (x) => layers.reLU().apply(x);
  const input = tf.input({ shape: [40, 1] });
  let x = relu(layers.conv1d({ filters: 16, kernelSize: 5, strides: 2, padding: "same" }).apply(input));
  for (let block = 0; block < 9; block++) {
    const inner = relu(normalize(convolve(x)));
    x = relu(layers.add().apply([normalize(convolve(inner)), x]));
  }
  const pooled = layers.globalAveragePooling1d().apply(x);
  const outputs = layers.dense({ units: 10, activation: "softmax" }).apply(pooled);
  const model = tf.model({ inputs: input, outputs });
  return training(tf, model, made, inputs(tf, [batch, 40, 1]), oneHot(tf, batch, 10));
}

const times = 64;
const width = 64;
const heads = 4;
const vocabulary = 64;
const blocks = [0, 1];

function gptWeights(tf) {
  const first = firstWeights(tf);
  const weights = {};
  const add = (name, ...shape) => {
    weights[name] = tf.tidy(() => tf.variable(first(name, shape)));
  };
  add("emb", vocabulary, width);
  add("pos", times, width);
  for (const block of blocks) {
    add(`${block}/g1`, width);
    add(`${block}/b1`, width);
    add(`${block}/qkv`, width, 3 * width);
    add(`${block}/o`, width, width);
    add(`${block}/g2`, width);
    add(`${block}/b2`, width);
    add(`${block}/f1`, width, 4 * width);
    add(`${block}/f2`, 4 * width, width);
  }
  add("out", width, vocabulary);
  return weights;
}

function layerNorm(tf, x, scale, shift) {
  const { mean, variance } = tf.moments(x, -1, true);
  return x
    .sub(mean)
    .mul(tf.rsqrt(variance.add(1e-5)))
    .mul(scale)
    .add(shift);
}

/** Causal attention with four heads; x is [batch · times, width]. */
function attention(tf, x, qkv, output, mask, batch) {
  const [query, key, value] = tf
    .split(x.matMul(qkv), 3, 1)
    .map((part) => part.reshape([batch, times, heads, width / heads]).transpose([0, 2, 1, 3]));
  const scores = tf.softmax(
    tf
      .matMul(query, key, false, true)
      .mul(1 / Math.sqrt(width / heads))
      .add(mask),
  );
  return tf
    .matMul(scores, value)
    .transpose([0, 2, 1, 3])
    .reshape([batch * times, width])
    .matMul(output);
}

/** Two blocks of attention and two dense layers, as in GPT-2, on 64 tokens of 64 kinds; made of tfjs's core operations. */
function gpt(tf, batch) {
  const weights = gptWeights(tf);
  const grid = (rows, columns, value) =>
    Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => value(i, j)));
  const mask = tf.tensor2d(grid(times, times, (i, j) => (j <= i ? 0 : -1e9)));
  const x = tf.tensor1d(grid(batch, times, (i, j) => (i * 7 + j * 3) % vocabulary).flat(), "int32");
  const y = tf.oneHot(
    tf.tensor1d(grid(batch, times, (i, j) => ((i * times + j) * 5) % vocabulary).flat(), "int32"),
    64,
  );
  const loss = () =>
    tf.tidy(() => {
      const flat = [batch * times, width];
      let h = tf.gather(weights.emb, x).reshape([batch, times, width]).add(weights.pos).reshape(flat);
      for (const block of blocks) {
        const of = (name) => weights[`${block}/${name}`];
        h = h.add(attention(tf, layerNorm(tf, h, of("g1"), of("b1")), of("qkv"), of("o"), mask, batch));
        h = h.add(layerNorm(tf, h, of("g2"), of("b2")).matMul(of("f1")).relu().matMul(of("f2")));
      }
      return tf.losses.softmaxCrossEntropy(y, h.matMul(weights.out));
    });
  const optimizer = tf.train.adam(1e-3);
  const step = () => {
    const value = optimizer.minimize(loss, true);
    const [number] = value.dataSync();
    value.dispose();
    return number;
  };
  return { optimizer, weights, x, y, loss, step };
}

/**
 * The models by name, each `{ batch, make(tf, batch) }`. `make` gives `{ model?, optimizer?, weights, x, y, loss, step }`:
 * `weights` are tf.Variables by name, `loss()` a scalar, `step()` trains once on x and y and gives the loss before.
 */
exports.models = {
  "ResNet-20 28×28": { batch: 32, make: resnet20 },
  "CNN 28×28": { batch: 64, make: cnn },
  "MLP 10×256": { batch: 128, make: (tf, batch) => mlp(tf, Array(9).fill(256), 784, batch) },
  "GPT 2 blocks, 64 wide": { batch: 16, make: gpt },
  "LSTM 64, hard sigmoid": { batch: 32, make: (tf, batch) => lstm(tf, "hardSigmoid", batch) },
  "LSTM 64, sigmoid": { batch: 32, make: (tf, batch) => lstm(tf, "sigmoid", batch) },
  "ResNet-20 on sequences": { batch: 100, make: resnet20OfSequences },
  "MLP 40-100-100-10": { batch: 100, make: (tf, batch) => mlp(tf, [100, 100], 40, batch) },
  "CNN on sequences": { batch: 100, make: cnnOfSequences },
};
