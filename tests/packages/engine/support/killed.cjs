// Kills endless cells by V8's terminateExecution, as a notebook kernel does, and reports what is left after each.
// Usage: node killed.cjs SCENARIO KILLS SEED; prints one JSON line { fresh, kills: [{ … }] }.
const { createHash } = require("node:crypto");
const { Worker } = require("node:worker_threads");
const { tf, ready, guard, capture } = require("../../../../packages/engine");

const [scenarioName, kills, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

/** 0: no cell, 1: one is to start, 2: one runs, or was killed and this was not heard yet. */
const running = new Int32Array(new SharedArrayBuffer(4));

/**
 * A thread that starts cells, terminates what the main thread then runs, and says so until it is heard: terminated code
 * unwinds to the event loop, where the turn of a thread's message bears that, and loses messages that wait behind it.
 */
const killer = new Worker(
  `const { parentPort, workerData: running } = require("node:worker_threads");
   const { Session } = require("node:inspector");
   const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
   const session = new Session();
   session.connectToMainThread();
   parentPort.on("message", (milliseconds) => {
     Atomics.store(running, 0, 1);
     parentPort.postMessage("run");
     Atomics.wait(running, 0, 1);
     sleep(milliseconds);
     for (let tries = 0; Atomics.load(running, 0) === 2; tries++) {
       if (tries % 100 === 0) session.post("Runtime.terminateExecution");
       sleep(tries === 0 ? 5 : 20);
       parentPort.postMessage("killed");
     }
   });`,
  { eval: true, workerData: running },
);
// Node reports a terminated promise job as an uncaught exception.
process.on("uncaughtException", (error) => {
  if (error) throw error;
});

/** Runs a cell in a turn of its own and kills it after some milliseconds. */
function runAndKill(cell, milliseconds) {
  return new Promise((resolve) => {
    const hear = (message) => {
      if (message === "run") {
        Atomics.store(running, 0, 2);
        Atomics.notify(running, 0);
        cell();
      } else if (Atomics.compareExchange(running, 0, 2, 0) === 2) {
        killer.off("message", hear);
        resolve();
      }
    };
    killer.on("message", hear);
    killer.postMessage(milliseconds);
  });
}

function model(units, first) {
  const layers = [first, first + 1].map((layerSeed, index) =>
    tf.layers.dense({
      units,
      activation: "relu",
      ...(index === 0 ? { inputShape: [units] } : {}),
      kernelInitializer: tf.initializers.heNormal({ seed: layerSeed }),
    }),
  );
  const made = tf.sequential({ layers });
  made.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
  return made;
}

const hash = (tensors) => {
  const digest = createHash("sha256");
  for (const tensor of tensors) digest.update(Buffer.from(tensor.dataSync().buffer));
  return digest.digest("hex");
};

/** What the next cell does: trains a net of its own, and tidies up. */
async function trainFresh(x, y) {
  const fresh = model(16, 7);
  for (let step = 0; step < 5; step++) await fresh.trainOnBatch(x, y);
  const result = hash(fresh.getWeights());
  fresh.dispose();
  fresh.optimizer.dispose();
  return result;
}

const counts = () => ({ ...tf.memory(), dataIds: tf.engine().backend.numDataIds() });

function makeScenarios({ x, y, old, weights, optimizer, sgd }) {
  const loss = () =>
    weights
      .reduce((h, w) => h.matMul(w).add(w.mean(0)).relu(), x)
      .sub(y)
      .square()
      .mean();
  const step = (chosen) => chosen.minimize(loss, false, weights);
  const forever = (body) => {
    for (;;) body();
  };
  return {
    "training loop": () => forever(() => step(optimizer)),
    "training loop with momentum": () => forever(() => step(sgd)),
    "tf.tidy": () => tf.tidy(() => forever(() => loss())),
    "tf.variableGrads": () => tf.variableGrads(() => tf.tidy(() => forever(() => loss())), weights),
    "captured steps": () => {
      const repeated = capture(() => optimizer.minimize(loss, true, weights), { optimizer });
      forever(() => repeated().dispose());
    },
    "captures made": () =>
      forever(() => {
        const repeated = capture(() => sgd.minimize(loss, true, weights), { optimizer: sgd });
        for (let step = 0; step < 5; step++) repeated().dispose();
        repeated.reset();
      }),
    "loop after an await": async () => {
      await 0;
      forever(() => step(optimizer));
    },
    "model.fit": () => old.fit(x, y, { epochs: 1e9, batchSize: 8, verbose: 0, shuffle: false }),
    "models made": () =>
      forever(() => {
        const made = model(16, 3);
        made.predict(x).dispose();
        sgd.setLearningRate(0.01);
        tf.split(x, 4);
      }),
    assignments: () =>
      forever(() => {
        const value = tf.zeros([16, 16]);
        weights.forEach((w) => w.assign(value));
        value.dispose();
      }),
    "disposals of older tensors": (round) => {
      round.forEach((tensor) => tensor.dispose());
      forever(() => x.reshape([16, 16]).dispose());
    },
  };
}

async function main() {
  await ready();
  const x = tf.randomNormal([16, 16], 0, 1, "float32", 1);
  const y = tf.randomNormal([16, 16], 0, 1, "float32", 2);
  const fresh = await trainFresh(x, y);
  const old = model(16, 5);
  const weights = [1, 2, 3].map((s) => tf.tidy(() => tf.randomNormal([16, 16], 0, 0.1, "float32", s).variable()));
  const state = { x, y, old, weights };
  state.optimizer = tf.train.adam(0.001);
  state.sgd = tf.train.momentum(1e-6, 0.5);
  let random = seed;
  const nextRandom = () => (random = (random * 48271) % 2147483647) / 2147483647;

  const results = [];
  for (let kill = 0; kill < kills; kill++) {
    const extra = scenarioName === "disposals of older tensors" ? [tf.zeros([2]), x.reshape([4, 64])] : [];
    const before = counts();
    const end = guard();
    const scenario = makeScenarios(state)[scenarioName];
    await runAndKill(() => void scenario(extra), 2 + 15 * nextRandom());
    end("killed");
    const after = counts();
    // Older things still work: a step with every optimizer, a fit, a gradient.
    const engineState = tf.engine().state;
    const closed = [engineState.scopeStack.length, engineState.gradientDepth, engineState.kernelDepth];
    const finite = weights.every((w) => w.dataSync().every(Number.isFinite));
    weights.forEach((w, i) => tf.tidy(() => w.assign(tf.randomNormal([16, 16], 0, 0.1, "float32", i + 1))));
    const slots = () => state.optimizer.accumulatedFirstMoment.length + state.sgd.accumulations.length;
    const slotsAfterKill = slots();
    const next = await trainFresh(x, y);
    const settled = counts();
    const disposed = extra.filter((tensor) => tensor.isDisposed).length;
    results.push({ before, after, disposed, closed, finite, slotsAfterKill, next, settled });
  }
  // Optimizers from before start again as if they were new.
  const restart = (optimizer) => {
    weights.forEach((w, i) => tf.tidy(() => w.assign(tf.randomNormal([16, 16], 0, 0.1, "float32", i + 1))));
    const loss = () =>
      weights
        .reduce((h, w) => h.matMul(w).add(w.mean(0)).relu(), x)
        .sub(y)
        .square()
        .mean();
    for (let step = 0; step < 3; step++) optimizer.minimize(loss, false, weights);
    return hash(weights);
  };
  const restarted = [restart(state.optimizer), restart(state.sgd)];
  const news = [restart(tf.train.adam(0.001)), restart(tf.train.momentum(state.sgd.learningRate, 0.5))];
  const history = await old.fit(x, y, { epochs: 1, verbose: 0, shuffle: false });
  console.log(JSON.stringify({ fresh, results, restarted, news, fitted: Number.isFinite(history.history.loss[0]) }));
  await killer.terminate();
}

void main();
