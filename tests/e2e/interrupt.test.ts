import path from "node:path";
import { startKernel, type ExecuteReply, type Kernel, type Message } from "../../packages/kernel/src/index";

const notebooks = path.resolve(__dirname, "..", "..", "notebooks");

/** What a cell did: its reply and all that it printed. */
interface Ran {
  reply: ExecuteReply;
  text: string;
}

function start(): Promise<Kernel> {
  return startKernel({ cwd: notebooks, env: { DEEPEN_WORK: "none", DEEPEN_ENGINE: "", DEEPEN_SEED: "" } });
}

async function run(kernel: Kernel, code: string): Promise<Ran> {
  const printed: string[] = [];
  const reply = await kernel.execute(code, {
    onMessage: ({ header, content }: Message) => {
      if (header.msg_type === "stream") printed.push(String(content.text));
      if (header.msg_type === "error") printed.push(`${String(content.ename)}: ${String(content.evalue)}`);
    },
  });
  return { reply, text: printed.join("") };
}

/** Runs a cell that prints "going" when it is where it shall be stopped, and stops it there. */
async function stopped(kernel: Kernel, code: string): Promise<Ran> {
  const printed: string[] = [];
  const reply = kernel.execute(code, {
    onMessage: ({ header, content }: Message) => {
      if (header.msg_type === "stream") printed.push(String(content.text));
    },
  });
  while (!printed.join("").includes("going")) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await kernel.interrupt();
  return { reply: await reply, text: printed.join("") };
}

const begin = `
import { tf, data, nn, train } from "deepen";
import { ready } from "@deepen/engine";
await ready();
const examples = (await data.mnist()).train.take(256);
const digest = (model: tf.LayersModel) => {
  let hash = 0x811c9dc5;
  for (const weight of model.getWeights()) {
    for (const byte of new Uint8Array(new Float32Array(weight.dataSync()).buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
};
const build = () => nn.mlp({ depth: 6, width: 64, activation: "relu", init: "heNormal", norm: "batch", seed: 5 });
const older = build();
const optimizer = tf.train.adam(0.001);
const x = tf.tensor2d(examples.x, [256, 784]);
const y = tf.oneHot(tf.tensor1d(examples.labels, "int32"), 10);
const loss = () => tf.losses.softmaxCrossEntropy(y, older.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
`;

const trainAfresh = `
const fresh = build();
await train.fit(fresh, examples, { steps: 8, batchSize: 32, optimizer: { kind: "adam", learningRate: 0.001 }, seed: 9 });
console.log(digest(fresh));
fresh.dispose();
`;

/** Places to stop a cell in. All of them train `older` or work beside it. */
const places: readonly [string, string][] = [
  [
    "the library's training loop",
    `console.log("going"); await train.fit(older, examples, { steps: 1e6, batchSize: 32, optimizer: { kind: "adam", learningRate: 0.001 }, seed: 1 });`,
  ],
  [
    "a training loop of one's own that never waits",
    `console.log("going"); await 0; while (true) optimizer.minimize(loss);`,
  ],
  ["tf.tidy", `console.log("going"); await 0; tf.tidy(() => { for (;;) tf.matMul(x, x, false, true).relu().sum(); });`],
  [
    "tensors that nobody disposes",
    `console.log("going"); await 0; for (let i = 0; ; i++) if (i < 200) tf.add(x, i).mean();`,
  ],
  ["a synchronous loop after an await", `console.log("going"); await 0; while (true) {}`],
];

describe("a cell that is stopped", () => {
  let kernel: Kernel;
  let expected: string;
  let tensors: string;

  beforeAll(async () => {
    const untouched = await start();
    const clean = await run(untouched, begin);
    expected = (await run(untouched, trainAfresh)).text.trim();
    await untouched.shutdown();
    expect(clean.text).toBe("");
    expect(expected).toMatch(/^[0-9a-f]{8}$/);
    kernel = await start();
    expect((await run(kernel, begin)).text).toBe("");
    tensors = (await run(kernel, `console.log(tf.memory().numTensors);`)).text.trim();
    expect(Number(tensors)).toBeGreaterThan(0);
  }, 120_000);

  afterAll(() => (kernel as Kernel | undefined)?.shutdown());

  test.each(places)(
    "in %s leaves the tensors that were there, and the next cell trains to the bits of a fresh kernel",
    async (_, code) => {
      const { reply } = await stopped(kernel, code);
      expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
      expect((await run(kernel, `console.log(tf.memory().numTensors);`)).text.trim()).toBe(tensors);
      expect((await run(kernel, trainAfresh)).text.trim()).toBe(expected);
      expect((await run(kernel, `console.log(tf.memory().numTensors);`)).text.trim()).toBe(tensors);
    },
    60_000,
  );

  test("leaves a model and an optimizer of earlier cells usable", async () => {
    const { text } = await run(
      kernel,
      `const before = loss().dataSync()[0]; for (let i = 0; i < 5; i++) optimizer.minimize(loss);
console.log(loss().dataSync()[0] < before);`,
    );
    expect(text.trim()).toBe("true");
  });
});
