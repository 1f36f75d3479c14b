import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startKernel } from "../../../packages/kernel/src/index";
import { of, pause, run, sharedKernel } from "./support";

const kernel = sharedKernel();

/** Runs a cell that fails, and gives what the reader sees. */
async function fails(code: string): Promise<{ ename: string; evalue: string; traceback: string[]; cell: number }> {
  const { reply, messages } = await run(kernel(), code);
  expect(reply.status).toBe("error");
  const [shown] = of(messages, "error");
  expect(shown.content).toEqual({ ename: reply.ename, evalue: reply.evalue, traceback: reply.traceback });
  return { ...(shown.content as { ename: string; evalue: string; traceback: string[] }), cell: reply.execution_count };
}

test("an error names line and column of the cell, past blank lines, interfaces and types", async () => {
  const { ename, evalue, traceback, cell } = await fails(
    `interface Point {
  x: number;
}

type Pair = [Point, Point];
const pair: Pair = [{ x: 1 }, { x: 2 }];

function fail(points: Pair): number {
  // a comment
  throw new RangeError("too far: " + points.length);
}

enum Direction { Up, Down }
fail(pair);`,
  );
  expect([ename, evalue]).toEqual(["RangeError", "too far: 2"]);
  expect(traceback).toEqual([
    "RangeError: too far: 2",
    '  10 |   throw new RangeError("too far: " + points.length);',
    "     |         ^",
    `    at fail (cell ${cell}:10:9)`,
    `    at cell ${cell}:14:1`,
  ]);
});

test("an error inside a function of an earlier cell names both cells", async () => {
  const { reply } = await run(
    kernel(),
    "interface A { a: number }\n\nfunction earlier(a: A) {\n  null!.toString();\n}".replace(
      "null!",
      "(undefined as any)",
    ),
  );
  const { traceback, cell } = await fails("const unused = 1;\n\n  earlier({ a: 1 });");
  expect(traceback.slice(-2)).toEqual([
    `    at earlier (cell ${reply.execution_count}:4:22)`,
    `    at cell ${cell}:3:3`,
  ]);
});

test("an error after an await and in an async function keeps its places", async () => {
  const { traceback, cell } = await fails(
    "async function slow() {\n  await null;\n  throw new Error('late');\n}\n\nawait slow();",
  );
  expect(traceback).toContain(`    at slow (cell ${cell}:3:9)`);
  expect(traceback).toContain(`    at cell ${cell}:6:1`);
});

test("frames of packages are named by package, and no path of the machine or frame of the kernel is shown", async () => {
  const { traceback } = await fails(
    'require("semver").inc({}, "patch"); new (require("semver").SemVer)("no version");',
  );
  const text = traceback.join("\n");
  expect(text).toMatch(/at new SemVer \(semver\/[^)]*semver\.js:\d+:\d+\)/);
  expect(text).not.toMatch(/node:|packages\/kernel|evalmachine|deepen-cell|\(\/|at \//);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/\u001b/);
});

test("causes and the errors of an AggregateError are shown", async () => {
  const { traceback } = await fails(
    "throw new AggregateError([new Error('one'), 2], 'several', { cause: new TypeError('root') } as any);",
  );
  const text = traceback.join("\n");
  expect(text).toContain("AggregateError: several");
  expect(text).toContain("  Error: one");
  expect(text).toContain("  2");
  expect(text).toContain("  Caused by TypeError: root");
});

test.each([
  ["throw 5", "number", "5"],
  ["throw 'text'", "string", "'text'"],
  ["throw undefined", "undefined", "undefined"],
  ["throw { get message() { throw new Error('hidden'); }, stack: '' }", "Error", "can not be shown"],
  ["class Own extends Error { name = 'OwnError' }; throw new Own('mine')", "OwnError", "mine"],
])("%s is told as %s", async (code, name, value) => {
  const { ename, evalue } = await fails(code);
  expect(ename).toBe(name);
  expect(evalue).toContain(value);
});

test("a type error names line and column and shows the line", async () => {
  const { ename, evalue, traceback, cell } = await fails("const ok = 1;\n\nconst wrong: number = 'text';");
  expect(ename).toBe("TypeScriptError");
  expect(evalue).toBe("3:7 - Type 'string' is not assignable to type 'number'.");
  expect(traceback).toEqual([
    `cell ${cell}:3:7 - Type 'string' is not assignable to type 'number'.`,
    "  3 | const wrong: number = 'text';",
    "    |       ^",
  ]);
});

test.each([
  ["const a = await (Promise.resolve(1));", "1:11", "await f()"],
  ['import { display } from "tslab";\nconst b = await (Promise.resolve(1));', "2:11", "await f()"],
  ["for await (const x of []) console.log(x);", "1:1", "async function"],
  ['import { display } from "tslab";\nfor await (const x of []) {}', "2:1", "async function"],
  ["const u = import.meta;", "1:11", "CommonJS"],
])("%j is refused with advice", async (code, place, advice) => {
  const { ename, evalue } = await fails(code);
  expect(ename).toBe("TypeScriptError");
  expect(evalue.startsWith(`${place} - `)).toBe(true);
  expect(evalue).toContain(advice);
});

test.each([
  "const later = async () => await (Promise.resolve(1)); await later()",
  "const loop = async () => { for await (const x of [1]) return x; }; await loop()",
  "(await Promise.resolve({ g: 1 })).g",
  "await Promise.all([1])[0] ?? 1",
])("%j runs", async (code) => {
  const { reply, result } = await run(kernel(), code);
  expect([reply.status, result]).toEqual(["ok", "1"]);
});

test("a builtin module and a missing package come with the way out", async () => {
  expect((await fails('import fs from "fs";')).evalue).toContain('write require("fs")');
  const missing = await fails('import x from "no-such-package-here";');
  expect(missing.evalue).toContain("npm install no-such-package-here");
  expect((await run(kernel(), 'require("fs").existsSync(".")')).result).toBe("true");
});

test("cells are typed without @types/node: its globals are unknown", async () => {
  expect((await fails("process.exit(0)")).evalue).toContain("Cannot find name 'process'");
  expect((await fails("Buffer.from('a')")).evalue).toContain("Cannot find name 'Buffer'");
  const { reply } = await run(
    kernel(),
    "const c = new AbortController(); const d = new TextDecoder().decode(new Uint8Array([65])); const m = new MessageChannel(); m.port1.close(); queueMicrotask(() => {}); const s = structuredClone([new URL('http://a/?b=1').searchParams.get('b'), performance.now()]); const f: Promise<Response> | undefined = undefined; d",
  );
  expect(reply.status).toBe("ok");
});

test("process.exit in a cell says that it does not end the kernel", async () => {
  const { evalue } = await fails('require("process").exit(3)');
  expect(evalue).toContain("does not end the kernel");
  expect((await run(kernel(), "1 + 1")).result).toBe("2");
});

test("names can be declared anew in later cells, as values, classes, enums and imports", async () => {
  for (const code of [
    "let name1 = 1; class Shape { side = 1 } enum Level { Low, High }",
    'let name1 = "text"; class Shape { radius = 2 } enum Level { Only = 7 }',
    'import { display as name2 } from "tslab"; const [p, { q }] = [1, { q: [2] }];',
    "let name2 = 5; name2 = 6;",
  ]) {
    expect((await run(kernel(), code)).reply.status).toBe("ok");
  }
  expect((await run(kernel(), "[name1, new Shape().radius, Level.Only, name2, p, q]")).result).toBe(
    "[ 'text', 2, 7, 6, 1, [ 2 ] ]",
  );
});

test("a cell that throws keeps what it has set, and what was there before for all else", async () => {
  await run(kernel(), "let kept = 1; let replaced = 1; class Former { tag = 'old' }");
  await fails(
    "let replaced = 'new'; const set = [5]; function set2() { return set[0]; } kept = 7;\nthrow new Error('here');\nlet unreached = 1; class Former { tag = 'new' }",
  );
  expect((await run(kernel(), "[kept, replaced.toUpperCase(), set2(), new Former().tag]")).result).toBe(
    "[ 7, 'NEW', 5, 'old' ]",
  );
  expect((await fails("unreached")).evalue).toContain("Cannot find name 'unreached'");
});

test("a type error changes nothing", async () => {
  await run(kernel(), "let steady = 1;");
  await fails("let steady = 'text'; const broken: number = 'x';");
  expect((await run(kernel(), "steady + 1")).result).toBe("2");
});

test("a @module cell defines a module for later imports, and can be changed", async () => {
  await run(
    kernel(),
    "/** @module helper */\nexport interface H { n: number }\n\nexport function help(h: H) { if (h.n > 5) throw new Error('over'); return h.n + 1; }",
  );
  expect((await run(kernel(), 'import { help } from "./helper";\nhelp({ n: 1 })')).result).toBe("2");
  expect((await fails("help({ n: 6 })")).traceback.join("\n")).toContain("at help (helper.ts:4:49)");
  await run(kernel(), "/** @module helper */\nexport function help(h: { n: number }) { return h.n + 10; }");
  expect((await run(kernel(), 'import { help } from "./helper";\nhelp({ n: 1 })')).result).toBe("11");
});

describe("requests that wait when a cell fails", () => {
  const codes = ["throw new Error('stop')", "'after'", "'after that'"];

  test("are aborted", async () => {
    const replies = await Promise.all(codes.map((code) => kernel().execute(code)));
    expect(replies.map(({ status }) => status)).toEqual(["error", "aborted", "aborted"]);
    expect((await run(kernel(), "'next'")).result).toBe("'next'");
  });

  test("run on with stop_on_error false", async () => {
    const replies = await Promise.all(codes.map((code) => kernel().execute(code, { stopOnError: false })));
    expect(replies.map(({ status }) => status)).toEqual(["error", "ok", "ok"]);
  });

  test("what is sent on seeing the failure is run", async () => {
    expect((await kernel().execute(codes[0])).status).toBe("error");
    expect((await run(kernel(), "'sent at once'")).result).toBe("'sent at once'");
  });
});

test("shorthand properties reach variables of earlier cells, also in destructuring", async () => {
  await run(kernel(), 'import { display as shown } from "tslab"; let wide = 3; let high = 4;');
  const { result, reply } = await run(
    kernel(),
    "const own = 5; const make = () => ({ wide, own, nested: { high, shown } });\n({ wide, high = 9 } = { wide: 8 } as any);\n[make().wide, make().own, make().nested.high, typeof make().nested.shown, wide, high]",
  );
  expect([reply.status, result]).toEqual(["ok", "[ 8, 5, 9, 'object', 8, 9 ]"]);
});

test("a package whose declarations are written anew while the kernel runs does not disturb it", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "deepen-watch-"));
  const write = (type: string) => {
    writeFileSync(path.join(folder, "built", "index.d.ts"), `export declare const value: ${type};\n`);
  };
  mkdirSync(path.join(folder, "built"));
  mkdirSync(path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "built", "package.json"), '{"name":"built","main":"index.js","types":"index.d.ts"}');
  writeFileSync(path.join(folder, "built", "index.js"), "exports.value = 1;\n");
  write("number");
  symlinkSync(path.join(folder, "built"), path.join(folder, "node_modules", "built"), "junction");
  const own = await startKernel({ cwd: folder });
  try {
    expect((await run(own, 'import { value } from "built";\nvalue')).result).toBe("1");
    write("1 | 2");
    await pause(500);
    expect((await run(own, "value + 1")).result).toBe("2");
    expect((await run(own, "value + 2")).result).toBe("3");
  } finally {
    await own.shutdown();
    rmSync(folder, { recursive: true, force: true });
  }
});
