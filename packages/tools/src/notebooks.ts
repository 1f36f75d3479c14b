import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { INotebookContent } from "@jupyterlab/nbformat";
import {
  addPictures,
  type BuildOptions,
  executeChapter,
  type ExecutedChapter,
  type PictureCount,
  type Profile,
  refuseRefuted,
  skeleton,
} from "./build";
import { claimRemark } from "./claims";
import { plotlyVersion } from "./chromium";
import { differences } from "./compare";
import { type Chapter, chooseChapters, findChapters, shownPath } from "./course";
import type { Edition } from "./edition";
import { Failure } from "./failure";
import { type Painter, type Pictures, picturesIn } from "./figures";
import { megabytes } from "./limits";
import { isCode } from "./notebook";
import { type LazyPainter, lazyPainter } from "./painter";
import { type PreparedChapter, prepareChapters } from "./prepare";
import type { Progress } from "./progress";
import { notebookText } from "./serialize";
import { writeAtomically } from "./write";

/** What `deepen notebooks` was asked for. */
export interface NotebooksRequest {
  readonly edition: Edition;
  readonly profile: Profile;
  /** Folder for the notebooks; undefined means the course's own notebooks/. */
  readonly out: string | undefined;
  /** Compare with what is there instead of writing. */
  readonly check: boolean;
  /** False: look at sources only (with `check`). */
  readonly run: boolean;
}

/** Where the command speaks. */
export interface Terminal {
  readonly say: (line: string) => void;
  readonly progress: Progress;
}

/**
 * Builds (or checks) the chapters that `names` mean, one after the other; a chapter that fails does not stop the next.
 * @returns whether all went well
 * @throws Failure if a name means no chapter, or the sources have problems
 */
export async function buildNotebooks(
  course: string,
  names: readonly string[],
  request: NotebooksRequest,
  terminal: Terminal,
): Promise<boolean> {
  const chapters = chooseChapters(findChapters(course), names);
  if (chapters.length === 0) throw new Failure("notebooks/src/ holds no chapter: expected NN-slug.nb.ts there.");
  const prepared = prepareChapters(course, chapters);
  const painter = lazyPainter();
  let good = true;
  try {
    for (const chapter of prepared) {
      try {
        const problem = await (request.check
          ? checkChapter(course, chapter, request, terminal)
          : buildChapter(course, chapter, request, terminal, painter));
        if (problem === undefined) continue;
        terminal.say(problem);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        terminal.say(error.message);
      }
      good = false;
    }
  } finally {
    await painter.close();
  }
  return good;
}

async function buildChapter(
  course: string,
  prepared: PreparedChapter,
  request: NotebooksRequest,
  terminal: Terminal,
  painter: LazyPainter,
): Promise<undefined> {
  const { chapter } = prepared;
  const { slug } = chapter;
  const { executed, seconds } = await execute(course, prepared, request, terminal);
  if (request.profile === "normal") refuseRefuted(slug, executed.claims);
  if (request.profile === "smoke" && request.out === undefined) {
    terminal.say(summary(slug, executed, seconds, ["not written: the smoke profile writes only with --out"]));
    return undefined;
  }
  const file = target(chapter, request);
  const known = new Map([...(await picturesOf(chapter.notebook)), ...(await picturesOf(file))]);
  const pictures = await addPictures(slug, executed.notebook, known, plotlyVersion(), painter.paint);
  const text = notebookText(executed.notebook);
  await mkdir(path.dirname(file), { recursive: true });
  await writeAtomically(file, text);
  terminal.say(
    summary(slug, executed, seconds, [megabytes(Buffer.byteLength(text)), shownTarget(course, file)], pictures),
  );
  return undefined;
}

async function checkChapter(
  course: string,
  prepared: PreparedChapter,
  request: NotebooksRequest,
  terminal: Terminal,
): Promise<string | undefined> {
  const { slug } = prepared.chapter;
  const file = target(prepared.chapter, request);
  const shown = shownTarget(course, file);
  const cure = `build it with: npm run notebooks -- ${slug}`;
  const committed = await readNotebook(file);
  if (committed === undefined) return `${slug}: ${shown} is missing or malformed; ${cure}`;
  let built = skeleton(prepared, request.edition);
  let line = `${slug}: the sources are those of ${shown}`;
  if (request.run) {
    const { executed, seconds } = await execute(course, prepared, request, terminal);
    refuseRefuted(slug, executed.claims);
    const keyOnly: Painter = () => Promise.resolve("");
    await addPictures(slug, executed.notebook, new Map(), plotlyVersion(), keyOnly);
    built = executed.notebook;
    line = summary(slug, executed, seconds, [`same as ${shown}`]);
  }
  const found = differences(built, committed, request.run ? "everything" : "sources");
  if (found.length > 0) {
    return [`${slug}: ${shown} is not what its source builds; ${cure}`, ...found.map((each) => `  ${each}`)].join("\n");
  }
  terminal.say(line);
  return undefined;
}

/** Runs a chapter under a progress line, and measures how long it took. */
export async function execute(
  course: string,
  prepared: PreparedChapter,
  options: BuildOptions,
  { progress }: Terminal,
): Promise<{ executed: ExecutedChapter; seconds: number }> {
  const cells = skeleton(prepared, options.edition).cells.filter(isCode);
  const begun = performance.now();
  progress.begin(prepared.chapter.slug, cells.length);
  try {
    const executed = await executeChapter(course, prepared, options, (index, seconds) => {
      progress.done(index, String(cells[index].id), seconds);
    });
    return { executed, seconds: (performance.now() - begun) / 1000 };
  } finally {
    progress.end();
  }
}

function summary(
  slug: string,
  { cells, claims, figures }: ExecutedChapter,
  seconds: number,
  more: readonly string[],
  pictures?: PictureCount,
): string {
  const holding = claims.filter(({ state }) => state === "holds").length;
  const counts = [
    `${String(cells)} cells`,
    `${String(holding)} of ${String(claims.length)} claims hold`,
    `${String(figures)} figures${pictures === undefined ? "" : ` (${String(pictures.drawn)} drawn, ${String(pictures.kept)} kept)`}`,
    `${seconds.toFixed(1)} s`,
  ];
  const without = pictures?.["left out"] ?? 0;
  return [
    `${slug}: ${[...counts, ...more].join(", ")}`,
    ...claims.flatMap((claim) => claimRemark(claim) ?? []).map((remark) => `  ${remark}`),
    ...(without === 0
      ? []
      : [
          `  ${String(without)} of its figures have no picture: no Chromium was found. Install one or name it in DEEPEN_CHROMIUM, and build again.`,
        ]),
  ].join("\n");
}

function target({ slug, notebook }: Chapter, { out }: NotebooksRequest): string {
  return out === undefined ? notebook : path.join(path.resolve(out), `${slug}.ipynb`);
}

function shownTarget(course: string, file: string): string {
  const shown = shownPath(course, file);
  return shown.startsWith("..") ? file : shown;
}

async function picturesOf(file: string): Promise<Pictures> {
  const notebook = await readNotebook(file);
  return notebook === undefined ? new Map() : picturesIn(notebook);
}

async function readNotebook(file: string): Promise<INotebookContent | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    const notebook = JSON.parse(await readFile(file, "utf8")) as INotebookContent | null;
    return Array.isArray(notebook?.cells) ? (notebook ?? undefined) : undefined;
  } catch {
    return undefined; // A file spoilt by a merge is built anew, or reported by --check.
  }
}
