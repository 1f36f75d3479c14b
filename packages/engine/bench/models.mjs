// The models that are measured. Each is made with weights and data that depend on nothing but their seeds.

const oneHot = (tf, batch, classes) =>
  tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batch }, (_, i) => i % classes),
      "int32",
    ),
    classes,
  );

/** He-normal initialisers with seeds of their own. */
function initializers(tf) {
  let seed = 1;
  return () => tf.initializers.heNormal({ seed: seed++ });
}

function compiled(tf, model, x, y) {
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" });
  return { model, x, y };
}

/** Ten dense layers of 256, batch 128. */
function mlp(tf) {
  const kernelInitializer = initializers(tf);
  const model = tf.sequential();
  for (let layer = 0; layer < 9; layer++) {
    const inputShape = layer === 0 ? { inputShape: [784] } : {};
    model.add(
      tf.layers.dense({ units: 256, activation: "relu", kernelInitializer: kernelInitializer(), ...inputShape }),
    );
  }
  model.add(tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer() }));
  return compiled(tf, model, tf.randomUniform([128, 784], 0, 1, "float32", 7), oneHot(tf, 128, 10));
}

/** Two convolutions with pooling on images of 28 × 28, batch 64. */
function cnn(tf) {
  const kernelInitializer = initializers(tf);
  const convolution = (filters, more = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: "relu",
      kernelInitializer: kernelInitializer(),
      ...more,
    });
  const model = tf.sequential({
    layers: [
      convolution(16, { inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(32),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: "relu", kernelInitializer: kernelInitializer() }),
      tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer() }),
    ],
  });
  return compiled(tf, model, tf.randomUniform([64, 28, 28, 1], 0, 1, "float32", 7), oneHot(tf, 64, 10));
}

/** Three convolutions of 25 channels on sequences of 40 numbers, batch 100. */
function cnn1d(tf) {
  const kernelInitializer = initializers(tf);
  const model = tf.sequential();
  for (const [kernelSize, inputShape] of [[5, { inputShape: [40, 1] }], [3], [3]]) {
    model.add(
      tf.layers.conv1d({
        filters: 25,
        kernelSize,
        strides: 2,
        padding: "same",
        activation: "relu",
        kernelInitializer: kernelInitializer(),
        ...inputShape,
      }),
    );
  }
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer() }));
  return compiled(tf, model, tf.randomUniform([100, 40, 1], 0, 1, "float32", 7), oneHot(tf, 100, 10));
}

/** A residual net of 20 layers with batch normalisation, in two dimensions or in one. */
function residual(tf, shape, widths, convolutionLayer, poolingLayer, batch) {
  const kernelInitializer = initializers(tf);
  const convolve = (x, filters, strides, kernelSize = 3) =>
    convolutionLayer({
      filters,
      kernelSize,
      strides,
      padding: "same",
      useBias: false,
      kernelInitializer: kernelInitializer(),
    }).apply(x);
  const normalize = (x) => tf.layers.batchNormalization({}).apply(x);
  const relu = (x) => tf.layers.activation({ activation: "relu" }).apply(x);
  const input = tf.input({ shape });
  let x = relu(normalize(convolve(input, widths[0], 1)));
  widths.forEach((width, stage) => {
    for (let block = 0; block < 3; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const inner = relu(normalize(convolve(x, width, strides)));
      const outer = normalize(convolve(inner, width, 1));
      const shortcut = strides === 2 ? convolve(x, width, 2, 1) : x;
      x = relu(tf.layers.add().apply([outer, shortcut]));
    }
  });
  const outputs = tf.layers
    .dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer() })
    .apply(poolingLayer({}).apply(x));
  const model = tf.model({ inputs: input, outputs });
  return compiled(tf, model, tf.randomUniform([batch, ...shape], 0, 1, "float32", 7), oneHot(tf, batch, 10));
}

/** ResNet-20 on images of 28 × 28, batch 32. */
function resnet20(tf) {
  return residual(tf, [28, 28, 1], [16, 32, 64], tf.layers.conv2d, tf.layers.globalAveragePooling2d, 32);
}

/** ResNet-20 on sequences of 40 numbers, 16 channels, batch 100. */
function resnet20sequence(tf) {
  return residual(tf, [40, 1], [16, 16, 16], tf.layers.conv1d, tf.layers.globalAveragePooling1d, 100);
}

export const models = {
  "MLP 10×256, batch 128": mlp,
  "CNN 28×28, batch 64": cnn,
  "CNN on sequences, batch 100": cnn1d,
  "ResNet-20 28×28, batch 32": resnet20,
  "ResNet-20 on sequences, batch 100": resnet20sequence,
};
