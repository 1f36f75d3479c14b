import type { CourseFiles, StoredFile } from "./courseFiles";
import { HttpError } from "./httpError";
import type { JsonObject } from "./json";
import { notebookFault, parseNotebook } from "./notebook";

/** A notebook as the reader sees it. */
export interface Served extends StoredFile {
  readonly name: string;
  /** Whether it is the reader's copy; otherwise it is the course's. */
  readonly isCopy: boolean;
}

/** The course's notebooks with the reader's copies laid over them: reads prefer the copy, writes touch nothing else. */
export class Overlay {
  constructor(private readonly files: CourseFiles) {}

  /** Names of all notebooks, the course's and the reader's, sorted. */
  async names(): Promise<string[]> {
    const [course, work] = await Promise.all([this.files.names("notebooks"), this.files.names("work")]);
    return [...new Set([...course, ...work])].sort();
  }

  /**
   * The file that stands for a notebook.
   * @throws HttpError 404 if neither the course nor the reader has it
   */
  async read(name: string): Promise<Served> {
    const copy = await this.files.read("work", name);
    if (copy !== undefined) return { ...copy, name, isCopy: true };
    const original = await this.files.read("notebooks", name);
    if (original !== undefined) return { ...original, name, isCopy: false };
    throw new HttpError(
      404,
      `There is no notebook ${name}: it is neither in notebooks/ nor in work/. Open another chapter, or get the file back (\`git checkout notebooks/${name}\`, or \`npm run notebooks\` to build it).`,
      "missing",
    );
  }

  /**
   * The notebook in a file.
   * @throws HttpError 422 with a cure that fits the kind of file
   */
  parse(served: Served): JsonObject {
    const { name, isCopy, text } = served;
    return isCopy
      ? parseNotebook(
          text,
          `work/${name}`,
          "Repair that file, or reset the chapter: your copy is then kept in work/discarded/.",
        )
      : parseNotebook(
          text,
          `notebooks/${name}`,
          `Get the file back (\`git checkout notebooks/${name}\`) or build it again (\`npm run notebooks\`).`,
        );
  }

  /**
   * Saves the reader's copy.
   * @throws HttpError 400 if `notebook` is not a notebook (nothing is written), 507 or 500 if the disk refuses
   */
  async save(name: string, notebook: unknown): Promise<Served> {
    const fault = notebookFault(notebook);
    if (fault !== undefined) {
      throw new HttpError(400, `content: not a notebook: ${fault}. Nothing was saved.`, "malformed-notebook");
    }
    await this.files.write("work", name, `${JSON.stringify(notebook, null, 1)}\n`);
    return this.read(name);
  }
}
