import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Progress } from "../../../packages/tools/src/progress";

/** The folder of this repository. */
export const repository = path.resolve(__dirname, "..", "..", "..");

/** A small course in a folder of its own, which sees this repository's packages. */
export interface SampleCourse {
  readonly root: string;
  /** Writes notebooks/src/<name>. */
  source(name: string, text: string): void;
  remove(): void;
}

/** Makes a course without chapters in a new temporary folder. */
export function sampleCourse(): SampleCourse {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "deepen-course-")));
  const sources = path.join(root, "notebooks", "src");
  mkdirSync(sources, { recursive: true });
  writeFileSync(path.join(root, "package.json"), '{ "name": "deepen-course", "private": true }\n');
  for (const file of ["tsconfig.base.json", path.join("notebooks", "src", "tsconfig.json")]) {
    copyFileSync(path.join(repository, file), path.join(root, file));
  }
  symlinkSync(path.join(repository, "node_modules"), path.join(root, "node_modules"), "junction");
  return {
    root,
    source: (name, text) => {
      writeFileSync(path.join(sources, name), text);
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A terminal that keeps what it is told. */
export function quietTerminal(): { lines: string[]; say: (line: string) => void; progress: Progress } {
  const lines: string[] = [];
  const nothing = (): void => undefined;
  return { lines, say: (line) => lines.push(line), progress: { begin: nothing, done: nothing, end: nothing } };
}

/** A chapter that imports nothing, with text, an exercise, a teacher cell, a figure, a claim and a progress line. */
export const sampleChapter = `// The author's note: this is not part of the notebook.

// %% [markdown] {"id": "title"}
// # 01 · A sample
//
// With *text* and $x^2$.

// %% {"id": "host"}
interface Host {
  display(data: object, options?: { displayId?: string; update?: boolean }): void;
}
const host = (globalThis as unknown as Record<symbol, Host>)[Symbol.for("deepen.kernel")];
console.log("one");
console.log("two");

// %% {"id": "progress"}
const line = (done: number) => ({
  "application/vnd.deepen.progress+json": { label: "runs", value: done, max: 2, note: "" },
  "text/plain": \`\${done} of 2 runs\`,
});
host.display(line(0), { displayId: "runs" });
await Promise.resolve();
host.display(line(2), { displayId: "runs", update: true });

// %% {"id": "figure"}
host.display({
  "application/vnd.plotly.v1+json": {
    data: [{ type: "scatter", x: [1, 2, 3], y: [1, 4, 9] }],
    layout: { title: { text: "Squares" }, height: 300 },
    config: { showSendToCloud: false },
  },
  "text/plain": "Squares of 1, 2, 3.",
});

// %% {"id": "exercise", "tags": ["exercise"], "exercise": {"id": "01.1", "kind": "implement"}}
function twice(x: number): number {
  // SOLUTION
  return 2 * x;
  // EXERCISE
  // // Your code:
  // return x;
  // END
}
twice(21);

// %% [markdown] {"id": "teacher-1", "tags": ["teacher"]}
// **Teacher.** Ask first.

// %% {"id": "environment"}
const environment = (globalThis as unknown as { process: { env: Record<string, string> } }).process.env;
console.log(environment.DEEPEN_PROFILE, environment.DEEPEN_WORK);
console.log(new Date(0).getTimezoneOffset(), (1234.5).toLocaleString());

// %% {"id": "claim"}
const holds = environment.DEEPEN_PROFILE !== "smoke";
host.display({
  "application/vnd.deepen.card+json": {
    kind: "claim",
    id: "01.doubles",
    title: "Twice is twice as much.",
    state: holds ? "holds" : "not judged",
    tone: "good",
    body: "",
  },
  "text/plain": "Twice is twice as much: holds",
});
`;
