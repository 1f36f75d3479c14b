import { rm } from "node:fs/promises";
import { diskError, type CourseFiles } from "./courseFiles";
import { HttpError } from "./httpError";
import type { Overlay } from "./overlay";

/** Jupyter's model of a checkpoint. */
export interface Checkpoint {
  readonly id: string;
  readonly last_modified: string;
}

const onlyId = "checkpoint";

/** One checkpoint for each notebook, as in Jupyter's own server: a copy of the file in work/checkpoints/. */
export class Checkpoints {
  constructor(
    private readonly files: CourseFiles,
    private readonly overlay: Overlay,
  ) {}

  /** The notebook's checkpoints: one or none. */
  async list(name: string): Promise<Checkpoint[]> {
    const file = await this.files.read("checkpoints", name);
    return file === undefined ? [] : [{ id: onlyId, last_modified: file.modified.toISOString() }];
  }

  /** Keeps the notebook as it is on the disk now, in place of an older checkpoint. */
  async create(name: string): Promise<Checkpoint> {
    const { text } = await this.overlay.read(name);
    await this.files.write("checkpoints", name, text);
    const [checkpoint] = await this.list(name);
    if (checkpoint === undefined) throw missing(name, onlyId);
    return checkpoint;
  }

  /** Makes the checkpoint the reader's copy again. */
  async restore(name: string, id: string): Promise<void> {
    const file = await this.files.read("checkpoints", name);
    if (file === undefined || id !== onlyId) throw missing(name, id);
    await this.files.write("work", name, file.text);
  }

  /** Removes the checkpoint. */
  async remove(name: string, id: string): Promise<void> {
    const file = await this.files.locate("checkpoints", name);
    if (file === undefined || id !== onlyId) throw missing(name, id);
    await rm(file).catch((error: unknown) => {
      throw diskError(error, `Removing the checkpoint of ${name}`);
    });
  }
}

function missing(name: string, id: string): HttpError {
  return new HttpError(404, `${name} has no checkpoint ${JSON.stringify(id)}.`, "missing");
}
