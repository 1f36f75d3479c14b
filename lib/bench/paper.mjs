// The table of Greydanus and Kobak 2024, "Scaling Down Deep Learning with MNIST-1D" (arXiv:2011.14439), from the settings
// of its authors' own code: their three networks, PyTorch's first weights, Adam at 0.01 (ε 1e-8), batches of 100 in the
// order of the file, never shuffled, 6,001 steps (0 to 6,000). Their recurrent network (GRU) is left out.
//
//   npm run bench:paper [-- --seeds N] [-- --json FILE]
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { capture, describe, ready } from "@deepen/engine";
import { data, math, nn, tf, train } from "deepen";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "5" }, json: { type: "string" } } });
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);
const settings = { steps: 6001, batchSize: 100, learningRate: 0.01, epsilon: 1e-8 };

/** Accuracies in per cent, as the authors' README gives them. */
const paper = {
  "as published": { logistic: 32, MLP: 68, CNN: 94 },
  "positions shuffled": { logistic: 32, MLP: 68, CNN: 56 },
};

/** PyTorch's first weights and biases of a layer: uniform in ±1/√fanIn. */
function first(fanIn, seed, name) {
  const uniform = { kind: "uniform", variance: 1 / (3 * fanIn), per: "weight" };
  const draw = (part) => nn.initializer(uniform, math.childSeed(seed, `${name}/${part}`));
  return { name, kernelInitializer: draw("weights"), biasInitializer: draw("biases") };
}

const dense = (units, fanIn, seed, name) => tf.layers.dense({ units, ...first(fanIn, seed, name) });

/** A convolution along a sequence with one zero on either side, as PyTorch's Conv1d(kernel, stride 2, padding 1). */
function convolve(x, kernelSize, seed, name) {
  const padding = [
    [0, 0],
    [1, 1],
  ];
  const padded = tf.layers.zeroPadding2d({ padding }).apply(x);
  const options = { filters: 25, kernelSize: [1, kernelSize], strides: [1, 2], activation: "relu" };
  return tf.layers.conv2d({ ...options, ...first(kernelSize * x.shape[3], seed, name) }).apply(padded);
}

/** The authors' networks: `[N, 40, 1]` in, logits `[N, 10]` out. */
const networks = {
  logistic: (x, seed) => dense(10, 40, seed, "linear").apply(tf.layers.flatten().apply(x)),
  MLP(x, seed) {
    const relu = () => tf.layers.activation({ activation: "relu" });
    const hidden = relu().apply(dense(100, 40, seed, "linear1").apply(tf.layers.flatten().apply(x)));
    const further = relu().apply(dense(100, 100, seed, "linear2").apply(hidden));
    return dense(10, 100, seed, "linear3").apply(tf.layers.add().apply([hidden, further]));
  },
  CNN(x, seed) {
    let map = tf.layers.reshape({ targetShape: [1, 40, 1] }).apply(x);
    for (const [layer, kernelSize] of [5, 3, 3].entries()) map = convolve(map, kernelSize, seed, `conv${layer + 1}`);
    return dense(10, 125, seed, "linear").apply(tf.layers.flatten().apply(map));
  },
};

function modelOf(network, seed) {
  const inputs = tf.input({ shape: [40, 1] });
  return tf.model({ inputs, outputs: network(inputs, seed) });
}

/** The same positions of all signals, in another order. */
function shuffled(examples) {
  const order = math.mersenneTwister(42).permutation(40);
  return data.examples({ ...examples, x: examples.x.map((_, at) => examples.x[at - (at % 40) + order[at % 40]]) });
}

/** Takes the authors' steps: batch after batch in the order of the examples. */
function takeSteps(model, { x, labels, count }) {
  const { steps, batchSize, learningRate, epsilon } = settings;
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, epsilon);
  const step = capture(
    (inputs, classes) =>
      optimizer.minimize(() => tf.losses.softmaxCrossEntropy(classes, model.apply(inputs, { training: true })), true),
    { optimizer, model },
  );
  const batches = Array.from({ length: count / batchSize }, (_, batch) => {
    const from = batch * batchSize;
    const own = Array.from(labels.subarray(from, from + batchSize));
    return [
      tf.tensor(x.slice(from * 40, (from + batchSize) * 40), [batchSize, 40, 1]),
      tf.tidy(() => tf.oneHot(tf.tensor1d(own, "int32"), 10).toFloat()),
    ];
  });
  for (let taken = 0; taken < steps; taken++) step(...batches[taken % batches.length]).dispose();
  tf.dispose(batches);
  step.reset();
  optimizer.dispose();
}

async function testAccuracy(network, { train: seen, test }, seed) {
  const model = modelOf(network, seed);
  takeSteps(model, seen);
  const { accuracy } = await train.evaluate(model, test);
  const parameters = model.countParams();
  model.dispose();
  return { accuracy: Number((100 * accuracy).toFixed(1)), parameters };
}

await ready();
const published = data.mnist1d();
const sets = {
  "as published": published,
  "positions shuffled": { train: shuffled(published.train), test: shuffled(published.test) },
};
const results = [];
console.log(
  `Test accuracy in per cent after ${settings.steps} steps, ${seeds.length} seeds\n\n` +
    "| signals | network | parameters | paper | mean here | seeds |\n| --- | --- | ---: | ---: | ---: | --- |",
);
for (const [signals, set] of Object.entries(sets)) {
  for (const [name, network] of Object.entries(networks)) {
    const accuracies = [];
    let parameters;
    for (const seed of seeds) {
      const run = await testAccuracy(network, set, seed);
      accuracies.push(run.accuracy);
      parameters = run.parameters;
    }
    const mean = Number(math.mean(accuracies).toFixed(1));
    results.push({ signals, network: name, parameters, paper: paper[signals][name], mean, accuracies });
    console.log(
      `| ${signals} | ${name} | ${parameters} | ${paper[signals][name]} | ${mean} | ${accuracies.join(", ")} |`,
    );
  }
}

const { engine, version } = describe();
const report = { engine, version, ...settings, seeds, results };
// npm runs scripts in the package's folder; file names are told from where it was called.
if (values.json !== undefined) {
  writeFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), values.json), `${JSON.stringify(report, null, 2)}\n`);
}
