import { spawnSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, type BuildOptions, type BuildResult } from "esbuild";
import { chromium as playwright } from "playwright-core";
import { chromium, describeWith } from "../support/tools";

const root = path.resolve(__dirname, "..", "..");
const parity = JSON.stringify(path.join(root, "tests", "support", "parity.ts"));

const page = `
  import * as deepen from "deepen";
  import { describe, ready } from "@deepen/engine";
  import { weightsAfterTraining } from ${parity};
  deepen.setHost({
    open: async (file) => new Uint8Array(await (await fetch("/data/" + file)).arrayBuffer()),
    exercises: async () => ({ exercises: [], recall: [] }),
    ledger: { load: async () => [], append: async () => undefined },
    display: () => undefined,
    stopRequested: () => false,
    setting: () => undefined,
  });
  globalThis.train = async () => {
    await ready({ wasm: "/tfjs.wasm" });
    return { engine: describe().engine, hashes: await weightsAfterTraining(deepen) };
  };
`;

const program = `
  import * as deepen from "deepen";
  import { describe, ready } from "@deepen/engine";
  import { weightsAfterTraining } from ${parity};
  void (async () => {
    await ready();
    console.log(JSON.stringify({ engine: describe().engine, hashes: await weightsAfterTraining(deepen) }));
  })();
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "deepen-browser-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** As a page's author would bundle it: no plugins, no aliases, nothing put in the place of Node's modules. */
function bundle(contents: string, outfile: string, options: BuildOptions): Promise<BuildResult<{ metafile: true }>> {
  return build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile: path.join(folder, outfile),
    bundle: true,
    metafile: true,
    logLevel: "silent",
    ...options,
  });
}

// mainFields: without it esbuild takes one copy of TensorFlow.js for import and another for require.
const forBrowser: BuildOptions = { platform: "browser", format: "iife", mainFields: ["browser", "module", "main"] };

test("the library bundles for the browser with no shims, and with one copy of TensorFlow.js", async () => {
  const result = await bundle(page, "bundle.js", forBrowser);
  expect(result.errors).toEqual([]);
  expect(result.warnings).toEqual([]);
  const inputs = Object.keys(result.metafile.inputs);
  const cores = inputs.filter((file) => /@tensorflow\/tfjs-core\/dist\/(engine|tf-core[\w.-]*)\.js$/.test(file));
  expect(cores).toHaveLength(1);
  expect(inputs.filter((file) => file.includes("lib/dist/node.js"))).toEqual([]);
});

describeWith("chromium", "in Chromium", () => {
  let server: Server;

  beforeAll(async () => {
    await bundle(page, "page.js", forBrowser);
    await writeFile(
      path.join(folder, "page.html"),
      '<!doctype html><title>parity</title><script src="/page.js"></script>',
    );
    const files: Record<string, [string, string]> = {
      "/": [path.join(folder, "page.html"), "text/html"],
      "/page.js": [path.join(folder, "page.js"), "text/javascript"],
      "/tfjs.wasm": [
        require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"),
        "application/wasm",
      ],
    };
    server = createServer((request, response) => {
      const url = request.url ?? "/";
      const file = url.startsWith("/data/")
        ? [path.join(root, "data", path.basename(url)), "application/octet-stream"]
        : files[url];
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { "content-type": file[1] });
      createReadStream(file[0]).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    server.close();
  });

  test("a page trains deep, convolutional and residual nets to the same weights as Node, to the bit", async () => {
    await bundle(program, "program.cjs", { platform: "node", format: "cjs", packages: "external" });
    const node = spawnSync(process.execPath, [path.join(folder, "program.cjs")], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NODE_PATH: path.join(root, "node_modules"), DEEPEN_ENGINE: "" },
    });
    expect(node.stderr).toBe("");

    const browser = await playwright.launch({ executablePath: chromium(), args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const tab = await browser.newPage();
      const errors: string[] = [];
      tab.on("pageerror", (error) => errors.push(String(error)));
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const trained: unknown = await tab.evaluate("train()");
      expect(errors).toEqual([]);
      expect(trained).toEqual(JSON.parse(node.stdout));
      expect(trained).toMatchObject({ engine: "wasm" });
    } finally {
      await browser.close();
    }
  }, 120_000);
});
