import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Chapter, shownPath } from "./course";
import { editionCells, moduleText } from "./edition";
import { type Problem, problemsFailure } from "./failure";
import { sourceHash } from "./notebook";
import { ruleProblems } from "./rules";
import { type ChapterSource, parseSource } from "./source";
import { typeProblems } from "./typecheck";

/** A chapter whose sources are read, parsed and checked. */
export interface PreparedChapter {
  readonly chapter: Chapter;
  readonly source: ChapterSource;
  /** `sourceHash` of its files. */
  readonly hash: string;
}

/**
 * Reads, parses and checks chapters: form, rules, strict types of the source and of what learners get.
 * @throws Failure that lists every problem of the first check that finds one
 */
export function prepareChapters(course: string, chapters: readonly Chapter[]): PreparedChapter[] {
  const read = chapters.map((chapter) => {
    const text = readFileSync(chapter.source, "utf8");
    const source = parseSource(text, shownPath(course, chapter.source));
    const exercises = existsSync(chapter.exercises) ? [readFileSync(chapter.exercises, "utf8")] : [];
    return { chapter, source, text, hash: sourceHash([text, ...exercises]) };
  });
  refuse(read.flatMap(({ source, text }) => ruleProblems(source, text)));
  const modules = read.flatMap(({ chapter, source, text }) => [
    { path: chapter.source, text, shown: source.file },
    {
      path: chapter.source.replace(/\.nb\.ts$/, ".learner.nb.ts"),
      text: moduleText(editionCells(source.cells, "learner")),
      shown: source.file,
    },
  ]);
  refuse(typeProblems(modules, path.join(course, "notebooks", "src", "tsconfig.json")));
  return read;
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw problemsFailure(problems);
}
