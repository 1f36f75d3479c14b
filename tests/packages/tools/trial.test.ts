import { existsSync } from "node:fs";
import path from "node:path";
import { tryClaims } from "../../../packages/tools/src/trial";
import { quietTerminal, sampleCourse, type SampleCourse } from "./sampleCourse";

jest.setTimeout(180_000); // Each chapter starts a kernel: a second, much more on a machine with other work.

/** A chapter with `count` claims, of which the first `refuted` hold with its own seed only. */
const chapter = (title: string, count: number, refuted: number): string => `// %% [markdown] {"id": "title"}
// # ${title}

// %% {"id": "claims"}
interface Host {
  display(data: object): void;
}
const host = (globalThis as unknown as Record<symbol, Host>)[Symbol.for("deepen.kernel")];
const { env } = (globalThis as unknown as { process: { env: Record<string, string> } }).process;
const own = env.DEEPEN_SEED === "";
console.log(env.DEEPEN_PROFILE);
for (let index = 0; index < ${String(count)}; index++) {
  host.display({
    "application/vnd.deepen.card+json": {
      kind: "claim",
      id: \`claim \${String(index)}\`,
      title: "Depth matters.",
      state: own || index >= ${String(refuted)} ? "holds" : "does not hold",
      body: \`Measured with seed \${env.DEEPEN_SEED}.\`,
    },
    "text/plain": "a claim",
  });
}
`;

describe("trying the claims with another seed", () => {
  let course: SampleCourse;
  beforeEach(() => {
    course = sampleCourse();
  });
  afterEach(() => {
    course.remove();
  });

  const tryAll = async (): Promise<{ good: boolean; said: string[] }> => {
    const terminal = quietTerminal();
    const good = await tryClaims(course.root, [], 7, terminal);
    return { good, said: terminal.lines };
  };

  test("one failing claim in twenty, over all chapters, passes and is told; no notebook is written", async () => {
    course.source("01-first.nb.ts", chapter("01 · First", 8, 1));
    course.source("02-second.nb.ts", chapter("02 · Second", 12, 0));
    expect(await tryAll()).toEqual({
      good: true,
      said: [
        expect.stringMatching(/^01-first: 7 of 8 claims hold, /) as string,
        "  the claim claim 0 does not hold: Depth matters.\n    Measured with seed 7.",
        expect.stringMatching(/^02-second: 12 of 12 claims hold, /) as string,
        "With seed 7, 1 of 20 claims do not hold; at most 1 in 20 may.",
      ],
    });
    expect(existsSync(path.join(course.root, "notebooks", "01-first.ipynb"))).toBe(false);
  });

  test("two failing claims in thirty-nine are too many", async () => {
    course.source("01-first.nb.ts", chapter("01 · First", 39, 2));
    const { good, said } = await tryAll();
    expect([good, said.at(-1)]).toEqual([false, "With seed 7, 2 of 39 claims do not hold; at most 1 in 20 may."]);
  });

  test("a chapter that breaks with that seed fails, and the next one is tried", async () => {
    course.source(
      "01-first.nb.ts",
      `${chapter("01 · First", 1, 0)}\n// %% {"id": "break"}\nif (!own) throw new RangeError("no path");\n`,
    );
    course.source("02-second.nb.ts", chapter("02 · Second", 1, 0));
    const { good, said } = await tryAll();
    expect(good).toBe(false);
    expect(said[0]).toMatch(/^01-first: the cell "break" failed[^]*no path/);
    expect(said.slice(1)).toEqual([
      expect.stringMatching(/^02-second: 1 of 1 claims hold, /),
      "With seed 7, 0 of 1 claims do not hold; at most 1 in 20 may. Chapters that did not run to their end: 1.",
    ]);
  });
});
