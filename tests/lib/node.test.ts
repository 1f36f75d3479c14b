import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { LedgerEntry } from "../../lib/src/host";
import { ledgerIn, nodeHost } from "../../lib/src/node";

const entries: LedgerEntry[] = [1, 2, 3].map((value) => ({ kind: "predict", id: "03.a", value }));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "deepen-ledger-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("the ledger on disk", () => {
  test("makes its folder, keeps entries in order, one JSON line each, and reads them back", async () => {
    const ledger = ledgerIn(path.join(folder, "work"));
    expect(await ledger.load()).toEqual([]);
    await Promise.all(entries.map((entry) => ledger.append(entry)));
    expect(await ledgerIn(path.join(folder, "work")).load()).toEqual(entries);
    const text = readFileSync(path.join(folder, "work", "ledger.jsonl"), "utf8");
    expect(text).toBe(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  });

  test("passes over a torn last line, and the next entry begins a line of its own", async () => {
    const ledger = ledgerIn(folder);
    await ledger.append(entries[0]!);
    appendFileSync(path.join(folder, "ledger.jsonl"), '{"kind":"predict","id":"03');
    expect(await ledger.load()).toEqual([entries[0]]);
    await ledger.append(entries[1]!);
    expect(await ledger.load()).toEqual([entries[0], entries[1]]);
  });

  test("passes over lines that are JSON but no entry", async () => {
    writeFileSync(path.join(folder, "ledger.jsonl"), `null\n7\n{"kind":"predict"}\n${JSON.stringify(entries[2])}\n`);
    expect(await ledgerIn(folder).load()).toEqual([entries[2]]);
  });

  test("rejects when the disk is full, and takes the next entry when there is room again", async () => {
    const ledger = ledgerIn(folder);
    await ledger.append(entries[0]!);
    const handle = await open(path.join(folder, "ledger.jsonl"));
    const prototype = Object.getPrototypeOf(handle) as { appendFile: (text: string) => Promise<void> };
    await handle.close();
    // A full disk takes a part of a line and then says so.
    const full = jest.spyOn(prototype, "appendFile").mockImplementationOnce(() => {
      appendFileSync(path.join(folder, "ledger.jsonl"), '{"kind":"pre');
      return Promise.reject(new Error("ENOSPC: no space left on device, write"));
    });
    await expect(ledger.append(entries[1]!)).rejects.toThrow("ENOSPC");
    full.mockRestore();
    await ledger.append(entries[2]!);
    expect(await ledger.load()).toEqual([entries[0], entries[2]]);
  });

  test('stays in memory where the folder is "none"', async () => {
    const ledger = ledgerIn("none");
    await ledger.append(entries[0]!);
    expect(await ledger.load()).toEqual([entries[0]]);
    expect(await ledgerIn("none").load()).toEqual([]);
  });
});

describe("the host in Node", () => {
  const kernelKey = Symbol.for("deepen.kernel");
  const globals = globalThis as Record<symbol, unknown>;

  afterEach(() => {
    Reflect.deleteProperty(globals, kernelKey);
  });

  test("shows bundles through the kernel, and asks it whether to stop", () => {
    const display = jest.fn();
    globals[kernelKey] = { display, stopRequested: () => true };
    const host = nodeHost();
    host.display({ "text/plain": "x" }, { displayId: "a", update: true });
    expect(display).toHaveBeenCalledWith({ "text/plain": "x" }, { displayId: "a", update: true });
    expect(host.stopRequested()).toBe(true);
  });

  test("prints the plain text where there is no kernel, and is never asked to stop", () => {
    const print = jest.spyOn(console, "log").mockImplementation(() => undefined);
    const host = nodeHost();
    host.display({ "text/plain": "a figure", "text/html": "<b>" });
    expect(print).toHaveBeenCalledWith("a figure");
    expect(host.stopRequested()).toBe(false);
    print.mockRestore();
  });

  test("reads settings from the environment; an empty one counts as unset", () => {
    process.env.DEEPEN_PROFILE = "smoke";
    process.env.DEEPEN_SEED = "";
    expect(nodeHost().setting("profile")).toBe("smoke");
    expect(nodeHost().setting("seed")).toBeUndefined();
    delete process.env.DEEPEN_PROFILE;
    delete process.env.DEEPEN_SEED;
  });

  test("names a file that is not there and the cure", async () => {
    await expect(nodeHost().open("nothing.bin")).rejects.toThrow(
      /^data\/nothing\.bin cannot be read \(ENOENT.*git checkout/,
    );
    await expect(nodeHost().exercises("99-nothing")).rejects.toThrow(
      "notebooks/dist/99-nothing.exercises.js is not there: run npm run build in the course's folder",
    );
  });
});
