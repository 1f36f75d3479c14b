import { existsSync, statSync, watch } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { chooseChapters, findChapters } from "./course";
import { Failure } from "./failure";

/** Milliseconds without a further change until a rebuild begins: editors write a file in several steps. */
const quiet = 150;

/**
 * Rebuilds a chapter whenever its `.nb.ts` or `.exercises.ts` changes, one at a time, until `signal` ends it; a failed build is said and
 * does not end it.
 * @param names - the chapters to watch, as on the command line; all if empty
 * @param build - builds one chapter
 */
export function watchChapters(
  course: string,
  names: readonly string[],
  build: (slug: string) => Promise<unknown>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new Set<string>();
  const built = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> | undefined;
  const rebuild = async (): Promise<void> => {
    for (const slug of waiting) {
      if (signal.aborted) return;
      waiting.delete(slug);
      built.set(slug, stateOf(course, slug));
      try {
        if (existsSync(exercisesOf(course, slug))) compileExercises(course);
        await build(slug);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        say(error.message);
      }
    }
    say("Watching; Ctrl-C ends it.");
  };
  return new Promise((resolve, reject) => {
    const watcher = watch(path.join(course, "notebooks", "src"), { signal }, (_, name) => {
      const slug = /^(.+)\.(nb|exercises)\.ts$/.exec(name ?? "")?.[1];
      if (slug === undefined || !chooseChapters(findChapters(course), names).some((chapter) => chapter.slug === slug)) {
        return;
      }
      if (built.get(slug) === stateOf(course, slug)) return; // Late word of a change that is built already.
      waiting.add(slug);
      clearTimeout(timer);
      timer = setTimeout(() => {
        busy = (busy ?? Promise.resolve()).then(rebuild).catch(reject);
      }, quiet);
    });
    watcher.on("error", reject);
    watcher.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
    say("Watching; Ctrl-C ends it.");
  });
}

function exercisesOf(course: string, slug: string): string {
  return path.join(course, "notebooks", "src", `${slug}.exercises.ts`);
}

/** When the two sources of a chapter were last written. */
function stateOf(course: string, slug: string): string {
  const lesson = path.join(course, "notebooks", "src", `${slug}.nb.ts`);
  const written = [lesson, exercisesOf(course, slug)].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs);
  return written.join(" ");
}

/** Compiles notebooks/src/*.exercises.ts, which the kernel loads compiled. */
function compileExercises(course: string): void {
  const complaints: string[] = [];
  const format: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => course,
    getNewLine: () => "\n",
  };
  const host = ts.createSolutionBuilderHost(ts.sys, undefined, (diagnostic) => {
    complaints.push(ts.formatDiagnostic(diagnostic, format).trimEnd());
  });
  ts.createSolutionBuilder(host, [path.join(course, "notebooks")], {}).build();
  if (complaints.length > 0) throw new Failure(complaints.join("\n"));
}
