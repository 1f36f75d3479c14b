import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure";
import { nearest } from "./nearest";

/** Where one chapter's files lie; absolute paths. */
export interface Chapter {
  /** `NN-slug`. */
  readonly slug: string;
  /** `notebooks/src/NN-slug.nb.ts`. */
  readonly source: string;
  /** `notebooks/src/NN-slug.exercises.ts`, which a chapter without exercises lacks. */
  readonly exercises: string;
  /** `notebooks/NN-slug.ipynb`, the committed notebook. */
  readonly notebook: string;
}

const chapterSource = /^(\d\d-[a-z0-9]+(?:-[a-z0-9]+)*)\.nb\.ts$/;

/**
 * The course folder at or above `from`: the one whose package.json is named "deepen-course".
 * @throws Failure if there is none
 */
export function findCourse(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (packageName(path.join(folder, "package.json")) === "deepen-course") return folder;
    if (folder === path.dirname(folder)) {
      throw new Failure(
        `No course at or above ${from}: expected a package.json named "deepen-course". Run the command inside the course folder.`,
      );
    }
  }
}

/** The chapters of a course: every `notebooks/src/NN-slug.nb.ts`, in the order of their numbers. */
export function findChapters(course: string): Chapter[] {
  const folder = path.join(course, "notebooks", "src");
  if (!existsSync(folder)) throw new Failure(`${folder} does not exist: the chapters' sources are expected there.`);
  return readdirSync(folder)
    .map((name) => chapterSource.exec(name)?.[1])
    .filter((slug) => slug !== undefined)
    .sort()
    .map((slug) => ({
      slug,
      source: path.join(folder, `${slug}.nb.ts`),
      exercises: path.join(folder, `${slug}.exercises.ts`),
      notebook: path.join(course, "notebooks", `${slug}.ipynb`),
    }));
}

/**
 * The chapters that `names` mean (`03-vanishing-gradients` or just `03`), in the course's order; all if there are no names.
 * @throws Failure with exit code 2 and the nearest names if a name means none
 */
export function chooseChapters(chapters: readonly Chapter[], names: readonly string[]): Chapter[] {
  const slugs = chapters.map(({ slug }) => slug);
  for (const name of names) {
    if (!chapters.some((chapter) => isMeant(chapter, name))) {
      const near = nearest(name, slugs);
      throw new Failure(
        near.length === 0
          ? `There is no chapter "${name}": notebooks/src/ holds no NN-slug.nb.ts.`
          : `There is no chapter "${name}". Did you mean ${near.join(" or ")}?`,
        2,
      );
    }
  }
  return chapters.filter((chapter) => names.length === 0 || names.some((name) => isMeant(chapter, name)));
}

/** `file` as messages show it: from the course folder, with `/`. */
export function shownPath(course: string, file: string): string {
  return path.relative(course, file).split(path.sep).join("/");
}

function isMeant({ slug }: Chapter, name: string): boolean {
  return slug === name || slug.slice(0, 2) === name;
}

function packageName(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown } | null)?.name;
  } catch {
    return undefined; // Someone else's broken package.json on the way up is none of our business.
  }
}
