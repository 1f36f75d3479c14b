import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const engine = path.resolve(__dirname, "../../../packages/engine");

/** Runs JavaScript that sees the engine's exports in a process of its own. */
function run(
  code: string,
  env: Record<string, string> = {},
): { stdout: string; stderr: string; status: number | null } {
  const script = `(async () => {
    const { tf, ready, describe, guard } = require(${JSON.stringify(engine)});
    ${code}
  })().catch((error) => { console.log(String(error)); process.exitCode = 1; });`;
  return spawnSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    env: { ...process.env, DEEPEN_ENGINE: "", ...env },
  });
}

const description = (code: string, env?: Record<string, string>): unknown => {
  const { stdout, stderr } = run(`${code}\nconsole.log(JSON.stringify(describe()));`, env);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
};

/** A folder for NODE_PATH with a package of tfjs-node's alias that runs `code`. */
function nativePackage(code: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "deepen-native-"));
  mkdirSync(path.join(folder, "tfjs-node-native"));
  writeFileSync(path.join(folder, "tfjs-node-native", "index.js"), code);
  return folder;
}

test("the default engine is wasm with the engine's kernels, and says why the others were not taken", () => {
  const { version } = JSON.parse(readFileSync(path.join(engine, "package.json"), "utf8")) as { version: string };
  expect(description("await ready();")).toEqual({
    engine: "wasm",
    version: `${version} (TensorFlow.js 4.22.0)`,
    kernels: expect.arrayContaining(["BatchMatMul", "Conv2DBackpropFilter", "BatchNorm"]) as string[],
    capture: { on: true },
    notTaken: [
      { engine: "native", why: expect.stringContaining("it was not asked for") },
      { engine: "cpu", why: expect.stringContaining("slower") },
    ],
  });
});

test("nothing is captured with DEEPEN_CAPTURE=0, and the description says so", () => {
  const { capture } = description("await ready();", { DEEPEN_CAPTURE: "0" }) as { capture: unknown };
  expect(capture).toEqual({ on: false, why: "DEEPEN_CAPTURE is 0" });
});

test("importing, training and predicting prints nothing, on wasm and on cpu, and leaves no listener", () => {
  for (const chosen of ["wasm", "cpu"]) {
    const { stdout, stderr, status } = run(
      `await ready();
       const listeners = () => ["uncaughtException", "unhandledRejection"].map((name) => process.listenerCount(name));
       if (listeners().some((count) => count > 0)) throw new Error("stray listeners " + listeners());
       const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: "relu" })] });
       model.compile({ optimizer: "adam", loss: "meanSquaredError" });
       await model.fit(tf.ones([4, 2]), tf.ones([4, 3]), { epochs: 2, verbose: 0 });
       model.predict(tf.ones([1, 2])).dataSync();`,
      { DEEPEN_ENGINE: chosen },
    );
    expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
  }
});

test("a listener of the program itself stays", () => {
  const { stdout } = run(
    `const mine = (error) => { throw error; };
     process.on("uncaughtException", mine);
     const started = ready();
     const other = () => {};
     process.on("unhandledRejection", other);
     await started;
     console.log(process.listeners("uncaughtException")[0] === mine, process.listeners("unhandledRejection")[0] === other);`,
  );
  expect(stdout).toBe("true true\n");
});

test("cpu is taken when asked for, by option or by DEEPEN_ENGINE", () => {
  const cpu = {
    engine: "cpu",
    version: expect.any(String),
    kernels: [],
    capture: { on: false, why: "only steps on wasm are captured" },
    notTaken: [
      { engine: "native", why: expect.any(String) },
      { engine: "wasm", why: "cpu was asked for" },
    ],
  };
  expect(description('await ready({ engine: "cpu" });')).toEqual(cpu);
  expect(description("await ready();", { DEEPEN_ENGINE: "cpu" })).toEqual(cpu);
});

test("where WebAssembly cannot start, cpu is taken with one line and the reason", () => {
  const { stdout, stderr } = run(
    `await ready({ wasm: new Uint8Array([1, 2, 3]) });
     console.log(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0], JSON.stringify(describe().notTaken[1]));`,
  );
  expect(stdout).toMatch(/^11 \{"engine":"wasm","why":"WebAssembly could not start: wasm: expected the bytes of/);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(/^@deepen\/engine: taking the cpu engine, which is many times slower\..*got 3 bytes/);
});

test("a binary that is not where it should be is named in the fallback", () => {
  const { stdout, stderr } = run(`await ready({ wasm: "/nowhere/at-all.wasm" }); console.log(describe().engine);`);
  expect(stdout).toBe("cpu\n");
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain("at-all.wasm");
});

test("DEEPEN_ENGINE of an unknown value says what is allowed", () => {
  expect(run("await ready();", { DEEPEN_ENGINE: "gpu" })).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/DEEPEN_ENGINE: expected wasm, cpu or native .*, got gpu/),
  });
});

test("where tfjs-node is not installed or cannot start, DEEPEN_ENGINE=native takes wasm with one line and the reason", () => {
  const broken = nativePackage('throw new Error("libtensorflow.so.2: cannot open\\nshared object file");');
  for (const [environment, why] of [
    [{}, "it is not installed; npm install tfjs-node-native@npm:@tensorflow/tfjs-node@4.22.0 adds it"],
    [{ NODE_PATH: broken }, "libtensorflow.so.2: cannot open"],
  ] as const) {
    const { stdout, stderr } = run(
      `const { engine, notTaken } = await ready();
       console.log(engine, tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0], notTaken[0].engine + ": " + notTaken[0].why);`,
      { DEEPEN_ENGINE: "native", ...environment },
    );
    const reason = `TensorFlow's library could not start: ${why}`;
    expect(stdout).toBe(`wasm 11 native: ${reason}\n`);
    expect(stderr).toBe(`@deepen/engine: taking the wasm engine. ${reason}\n`);
  }
  rmSync(broken, { recursive: true });
});

test("where tfjs-node is installed, DEEPEN_ENGINE=native takes the backend that it registers", () => {
  // A stand-in for the package, for its binary is a download: it registers a backend as tfjs-node does.
  const folder = nativePackage(
    `const tf = require(${JSON.stringify(require.resolve("@tensorflow/tfjs"))});
     if (!require("util").isArray([]) || !require("util").isNullOrUndefined(null)) throw new Error("no util.isArray");
     tf.registerBackend("tensorflow", tf.findBackendFactory("cpu"), 3);
     tf.copyRegisteredKernels("cpu", "tensorflow");`,
  );
  const environment = { DEEPEN_ENGINE: "native", NODE_PATH: folder };
  expect(description("await ready();", environment)).toEqual({
    engine: "native",
    version: expect.any(String),
    kernels: [],
    capture: { on: false, why: "only steps on wasm are captured" },
    notTaken: [
      { engine: "wasm", why: "native was asked for" },
      { engine: "cpu", why: expect.stringContaining("slower") },
    ],
  });
  const { stdout } = run(
    `const { engine } = await ready();
     const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: "relu" })] });
     model.compile({ optimizer: "adam", loss: "meanSquaredError" });
     await model.trainOnBatch(tf.ones([4, 2]), tf.ones([4, 3]));
     console.log(engine, tf.getBackend());`,
    environment,
  );
  expect(stdout).toBe("native tensorflow\n");
  rmSync(folder, { recursive: true });
});

test("ready is idempotent, refuses another engine, and describe before it says what to do", () => {
  const { stdout } = run(
    `try { describe(); } catch (error) { console.log(error.message); }
     const [first, second] = await Promise.all([ready(), ready()]);
     console.log(JSON.stringify(first) === JSON.stringify(second));
     await ready({ engine: "cpu" }).catch((error) => console.log(error.message));
     await ready({ engine: "gpu" }).catch((error) => console.log(error.message));
     await tf.setBackend("cpu");
     console.log(describe().engine, describe().notTaken[1].why);`,
  );
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/await ready\(\) first/),
    "true",
    expect.stringMatching(/expected "wasm".*got "cpu"/),
    expect.stringMatching(/expected "wasm", "cpu" or "native", got "gpu"/),
    'cpu tf.setBackend("cpu") was called',
    "",
  ]);
});

test("ready registers the guard with a notebook kernel once", () => {
  const { stdout } = run(
    `const begun = [];
     globalThis[Symbol.for("deepen.kernel")] = { guard: (begin) => void begun.push(begin) };
     await ready(); await ready();
     console.log(begun.length, begun[0] === guard);`,
  );
  expect(stdout).toBe("1 true\n");
});

test("a start that was under way when a cell was killed is waited for if it goes on", () => {
  const { stdout } = run(
    `const end = guard();
     void ready();
     end("killed");
     console.log((await ready()).engine, tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]);`,
  );
  expect(stdout).toBe("wasm 11\n");
});

test("a start that a killed cell cut off for ever is made again", () => {
  const { stdout } = run(
    `const { compile } = WebAssembly;
     WebAssembly.compile = () => new Promise(() => {});
     const end = guard();
     void ready();
     await new Promise(setImmediate);
     end("killed");
     WebAssembly.compile = compile;
     console.log((await ready()).engine, tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]);`,
  );
  expect(stdout).toBe("wasm 11\n");
});
