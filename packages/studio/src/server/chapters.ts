import { mkdir, open, realpath, rename, rm } from "node:fs/promises";
import path from "node:path";
import { diskError, type CourseFiles } from "./courseFiles";
import { HttpError } from "./httpError";
import { chapterMetadata } from "./notebook";
import type { Overlay } from "./overlay";
import type { Route } from "./router";
import { titleCell } from "./titleCell";

/** One line of the index of chapters. */
export interface Chapter {
  /** The file's name without ".ipynb". */
  readonly slug: string;
  readonly title: string;
  /** Path for the contents API. */
  readonly path: string;
  /** Whether the reader has a copy of his own. */
  readonly hasCopy: boolean;
  /** Whether the course's version is another one than the one the copy was made from. */
  readonly newer: boolean;
  /** What is wrong with the file, where it cannot be opened. */
  readonly problem?: string;
  /** The chapter's question, where it states one. */
  readonly question?: string;
  /** Reading time, where it states one. */
  readonly minutes?: number;
}

/** The course's chapters, and the way back to the course's version of one. */
export class Chapters {
  constructor(
    private readonly files: CourseFiles,
    private readonly overlay: Overlay,
  ) {}

  /** All chapters by name; a reader's notebook that the course does not have (any more) is among them. */
  async list(): Promise<Chapter[]> {
    return Promise.all((await this.overlay.names()).map((name) => this.describe(name)));
  }

  /**
   * Puts the reader's copy aside, so that the course's version is served again.
   * @returns where the copy is now, relative to the course: a new number each time, never over an older one
   * @throws HttpError 404 if there is no copy, or no course version to go back to
   */
  async reset(slug: string): Promise<string> {
    const name = `${slug}.ipynb`;
    if ((await this.files.locate("work", name)) === undefined) {
      throw new HttpError(404, `${name} has no copy in work/: it is the course's version already.`, "missing");
    }
    if ((await this.files.locate("notebooks", name)) === undefined) {
      throw new HttpError(404, `The course has no ${name} to go back to: your copy in work/ stays.`, "missing");
    }
    try {
      const work = await realpath(this.files.folder("work"));
      const folder = path.join(work, "discarded");
      await mkdir(folder, { recursive: true });
      const number = await reserve(folder, slug);
      const target = path.join(folder, `${slug}-${number}.ipynb`);
      await rename(path.join(work, name), target).catch(async (error: unknown) => {
        await rm(target, { force: true });
        throw error;
      });
      return `work/discarded/${slug}-${number}.ipynb`;
    } catch (error) {
      throw diskError(error, `Putting ${name} aside`);
    }
  }

  private async describe(name: string): Promise<Chapter> {
    const slug = name.slice(0, -".ipynb".length);
    try {
      const served = await this.overlay.read(name);
      const notebook = this.overlay.parse(served);
      const { source } = chapterMetadata(notebook);
      const newer = served.isCopy && (await this.isNewer(name, source));
      return { slug, title: slug, path: name, hasCopy: served.isCopy, newer, ...titleCell(notebook) };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const hasCopy = (await this.files.names("work")).includes(name);
      return { slug, title: slug, path: name, hasCopy, newer: false, problem: error.message };
    }
  }

  private async isNewer(name: string, copySource: string | undefined): Promise<boolean> {
    const original = await this.files.read("notebooks", name);
    if (original === undefined || copySource === undefined) return false;
    try {
      const { source } = chapterMetadata(this.overlay.parse({ ...original, name, isCopy: false }));
      return source !== undefined && source !== copySource;
    } catch {
      return false; // a broken course file is nothing to offer; the copy opens all the same
    }
  }
}

/** The course's own part of the API. */
export function chapterRoutes(chapters: Chapters): Route[] {
  return [
    {
      method: "GET",
      path: /^\/deepen\/chapters$/,
      handle: async () => ({ status: 200, body: await chapters.list() }),
    },
    {
      method: "POST",
      path: /^\/deepen\/chapters\/([^/]+)\/reset$/,
      handle: async ({ parameters }) => ({ status: 200, body: { discarded: await chapters.reset(parameters[0]!) } }),
    },
  ];
}

/** Takes the first free number by creating an empty file of that name, which fails where one exists. */
async function reserve(folder: string, slug: string): Promise<number> {
  for (let number = 1; ; number++) {
    try {
      await (await open(path.join(folder, `${slug}-${number}.ipynb`), "wx")).close();
      return number;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
