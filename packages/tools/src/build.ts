import path from "node:path";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { startKernel } from "@deepen/kernel";
import { type Claim, claimsIn, isRefuted, refutation } from "./claims";
import { type Edition, editionCells } from "./edition";
import { type CellRun, type OnCell, runCells } from "./execute";
import { Failure } from "./failure";
import { failingCellReport } from "./failing-cell";
import { type Drawn, type Painter, type Pictures, plotlyType, withPicture } from "./figures";
import { machinePathProblems, sizeProblem } from "./limits";
import { emptyNotebook, isCode } from "./notebook";
import type { LiveOutput } from "./outputs";
import type { PreparedChapter } from "./prepare";

/** How large the experiments run: as readers run them, or in seconds. */
export type Profile = "normal" | "smoke";

/** How a chapter is built. */
export interface BuildOptions {
  readonly edition: Edition;
  readonly profile: Profile;
  /** Instead of the chapter's own seed. */
  readonly seed?: number;
}

/** A chapter that ran to its end. */
export interface ExecutedChapter {
  readonly notebook: INotebookContent;
  readonly claims: readonly Claim[];
  readonly cells: number;
  readonly figures: number;
}

/** The notebook of a prepared chapter before any cell has run. */
export function skeleton({ chapter, source, hash }: PreparedChapter, edition: Edition): INotebookContent {
  return emptyNotebook(chapter.slug, source, editionCells(source.cells, edition), edition, hash);
}

/**
 * Builds a chapter's notebook and runs it in a fresh kernel.
 * @throws Failure if a cell fails (with its place in the source) or an output names a folder of this machine
 */
export async function executeChapter(
  course: string,
  prepared: PreparedChapter,
  { edition, profile, seed }: BuildOptions,
  onDone: OnCell,
): Promise<ExecutedChapter> {
  const { chapter, source } = prepared;
  const sources = editionCells(source.cells, edition).filter(({ kind }) => kind === "code");
  const cells = sources.map(({ id, tags, lines }) => ({ id, tags, code: lines.map(({ text }) => text).join("\n") }));
  const cwd = path.join(course, "notebooks");
  const kernel = await startKernel({ cwd, env: environment(profile, seed) }).catch((error: unknown) => {
    throw new Failure(`${chapter.slug}: the kernel did not start. ${(error as Error).message}`);
  });
  let runs: readonly CellRun[];
  try {
    const ended = await runCells(kernel, cells, onDone);
    if ("error" in ended) throw new Failure(failingCellReport(chapter.slug, sources, ended.error, source.file));
    runs = ended.runs;
  } finally {
    await kernel.shutdown();
  }
  const notebook = skeleton(prepared, edition);
  const code = notebook.cells.filter(isCode);
  code.forEach((cell, index) => {
    cell.execution_count = runs[index].count;
    cell.outputs = [...runs[index].outputs];
  });
  refuse(chapter.slug, machinePathProblems(notebook, course));
  const figures = code.flatMap((cell) => cell.outputs as LiveOutput[]).filter(isFigure).length;
  return { notebook, claims: claimsIn(code), cells: code.length, figures };
}

/** @throws Failure that tells each of `claims` that does not hold, and what was measured */
export function refuseRefuted(slug: string, claims: readonly Claim[]): void {
  refuse(slug, claims.filter(isRefuted).map(refutation));
}

/** How many figures kept their picture, got one, or stay without. */
export type PictureCount = Record<Exclude<Drawn, "no figure">, number>;

/**
 * Adds its picture to each figure of `notebook`.
 * @throws Failure if the notebook is too large then
 */
export async function addPictures(
  slug: string,
  notebook: INotebookContent,
  known: Pictures,
  version: string,
  painter: Painter | undefined,
): Promise<PictureCount> {
  const count = { kept: 0, drawn: 0, "left out": 0, "no figure": 0 };
  for (const cell of notebook.cells.filter(isCode)) {
    const outputs: LiveOutput[] = [];
    for (const output of cell.outputs as LiveOutput[]) {
      const pictured = await withPicture(output, known, version, painter);
      count[pictured.drawn]++;
      outputs.push(pictured.output);
    }
    cell.outputs = outputs;
  }
  const problem = sizeProblem(notebook);
  refuse(slug, problem === undefined ? [] : [problem]);
  return count;
}

/** Same in every shell: what a build depends on is set, what an author may have set for himself is unset. */
function environment(profile: Profile, seed: number | undefined): Record<string, string> {
  return {
    DEEPEN_PROFILE: profile,
    DEEPEN_WORK: "none",
    DEEPEN_CACHE: "none",
    DEEPEN_SEED: seed === undefined ? "" : String(seed),
    DEEPEN_GRADED: "",
    DEEPEN_ENGINE: "",
    TZ: "UTC",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    LANGUAGE: "",
    FORCE_COLOR: "0",
  };
}

function isFigure(output: LiveOutput): boolean {
  return plotlyType in ((output.data as object | undefined) ?? {});
}

function refuse(slug: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Failure(problems.map((problem) => `${slug}: ${problem}`).join("\n"));
}
