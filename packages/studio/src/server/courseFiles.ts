import { lstat, mkdir, readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { HttpError } from "./httpError";
import { saveFile } from "./saveFile";

/** A notebook's file as it is on the disk. */
export interface StoredFile {
  readonly text: string;
  readonly created: Date;
  readonly modified: Date;
  /** Bytes. */
  readonly size: number;
}

/** The folders of a course whose notebooks the server reads or writes. */
export type Shelf = "notebooks" | "work" | "checkpoints";

/** What `saveFile` does; replaced in tests of a failing disk. */
export type Save = (file: string, text: string) => Promise<void>;

const notebookName = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,120}\.ipynb$/u;
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)\./i;

/**
 * A course's notebook files, and nothing else on the disk: every name is one plain file name, and every file, followed
 * through links, lies in its folder within the course.
 */
export class CourseFiles {
  /** @param course - the course folder; notebooks/ in it is only read, work/ is the reader's */
  constructor(
    readonly course: string,
    private readonly save: Save = saveFile,
  ) {}

  /** Absolute path of a shelf's folder. */
  folder(shelf: Shelf): string {
    return shelf === "checkpoints" ? path.join(this.course, "work", "checkpoints") : path.join(this.course, shelf);
  }

  /** Names of the notebooks on a shelf, sorted; none where the folder does not exist. */
  async names(shelf: Shelf): Promise<string[]> {
    const entries = await readdir(this.folder(shelf)).catch(ifMissing([]));
    return entries.filter(isNotebookName).sort();
  }

  /**
   * Reads a notebook.
   * @returns undefined if it does not exist
   * @throws HttpError 403 for a name or link that leads elsewhere, 500 if the disk refuses
   */
  async read(shelf: Shelf, name: string): Promise<StoredFile | undefined> {
    checkName(name);
    try {
      const file = await this.locate(shelf, name);
      if (file === undefined) return undefined;
      const [text, status] = await Promise.all([readFile(file, "utf8"), stat(file)]);
      return { text, created: status.birthtime, modified: status.mtime, size: status.size };
    } catch (error) {
      throw diskError(error, `Reading ${name}`);
    }
  }

  /**
   * Writes a notebook to one of the reader's shelves; the old file stays whole until the new one is.
   * @throws HttpError 403 as for reading, 507 if the disk is full, 500 if it refuses
   */
  async write(shelf: Exclude<Shelf, "notebooks">, name: string, text: string): Promise<void> {
    checkName(name);
    try {
      const folder = this.folder(shelf);
      await mkdir(folder, { recursive: true });
      await this.locate(shelf, name);
      await this.save(path.join(folder, name), text);
    } catch (error) {
      throw diskError(error, `Saving ${name}`);
    }
  }

  /**
   * The real path of a notebook's file, after the check that no link leads out of its folder.
   * @returns undefined if it does not exist
   */
  async locate(shelf: Shelf, name: string): Promise<string | undefined> {
    checkName(name);
    const folder = await realpath(this.folder(shelf)).catch(ifMissing(undefined));
    if (folder === undefined) return undefined;
    const course = await realpath(this.course);
    if (!folder.startsWith(course + path.sep)) throw escape(`The folder of ${name}`);
    const file = path.join(folder, name);
    if ((await lstat(file).catch(ifMissing(undefined))) === undefined) return undefined;
    const real = await realpath(file).catch(ifMissing(undefined));
    if (real === undefined || path.dirname(real) !== folder) throw escape(name);
    return real;
  }
}

/** Whether `name` is a notebook's plain file name, the same on every system. */
export function isNotebookName(name: string): boolean {
  return notebookName.test(name) && !deviceName.test(name);
}

/**
 * Turns an error of the file system into an answer that the page can show; an HttpError passes as it is.
 * @param what - what was being done, such as "Saving 03.ipynb"
 */
export function diskError(error: unknown, what: string): HttpError {
  if (error instanceof HttpError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new HttpError(
        507,
        `${what} failed: the disk is full. The file is as it was before. Free some space and save again; the page keeps your edits meanwhile.`,
        "disk-full",
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new HttpError(
        500,
        `${what} failed: the system does not permit it (${code}). The file is as it was before. Check the permissions of the folder work/ and try again.`,
        "permission",
      );
    default:
      return new HttpError(500, `${what} failed: ${code ?? message}. The file is as it was before.`, "disk");
  }
}

function checkName(name: string): void {
  if (!isNotebookName(name)) {
    throw new HttpError(
      403,
      `path: expected the name of a notebook at the top of the course, such as "03-vanishing-gradients.ipynb", got ${JSON.stringify(name)}.`,
      "path",
    );
  }
}

function escape(what: string): HttpError {
  return new HttpError(403, `${what} is a link that leads out of the course folder, which is not followed.`, "path");
}

function ifMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === "ENOENT") return value;
    throw error;
  };
}
