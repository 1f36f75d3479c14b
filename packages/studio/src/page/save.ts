import type { INotebookModel } from "@jupyterlab/notebook";
import { ServerConnection, type Contents } from "@jupyterlab/services";
import { Signal, type ISignal } from "@lumino/signaling";

/** Whether what is on the page is on the disk. "conflict": somebody else changed the file; the reader must choose. */
export type SaveState = "saved" | "unsaved" | "saving" | "failed" | "conflict";

/** A pause in typing after which changes are saved, and the longest they wait, in milliseconds. */
const pause = 1500;
const longest = 8000;
/** Between attempts after a failure, in milliseconds. */
const retry = 4000;

/** Saves the chapter a moment after each change, tells how that goes, and does not give up. */
export class Saver {
  /** Why the last attempt failed, in words; empty after one that went well. */
  reason = "";
  /** Whether the last attempt failed because nobody answered. */
  unreachable = false;

  private readonly changes = new Signal<this, SaveState>(this);
  private current: SaveState = "saved";
  private stored: string;
  private lastModified: string;
  private timer: number | undefined;
  private changedAt: number | undefined;
  private running: Promise<void> | undefined;
  private closed = false;

  /**
   * @param path - contents path of the notebook
   * @param lastModified - when the file on disk was changed last, as the server told when the page read it
   */
  constructor(
    private readonly model: INotebookModel,
    private readonly contents: Contents.IManager,
    private readonly path: string,
    lastModified: string,
  ) {
    this.stored = this.serialize();
    this.lastModified = lastModified;
    model.contentChanged.connect(this.changed, this);
    window.addEventListener("beforeunload", this.warn);
    document.addEventListener("visibilitychange", this.leave);
    document.documentElement.dataset.saveState = this.current;
  }

  get stateChanged(): ISignal<this, SaveState> {
    return this.changes;
  }

  get state(): SaveState {
    return this.current;
  }

  /** Saves now. Resolves when it is done, well or not: {@link state} says which. */
  save(): Promise<void> {
    window.clearTimeout(this.timer);
    this.running ??= this.attempt().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Writes what is on the page over what somebody else wrote. */
  async overwrite(): Promise<void> {
    this.lastModified = "";
    await this.save();
  }

  /** Ends saving and warning: the page is about to be left or replaced on purpose. */
  async close(): Promise<void> {
    this.closed = true;
    window.clearTimeout(this.timer);
    window.removeEventListener("beforeunload", this.warn);
    document.removeEventListener("visibilitychange", this.leave);
    await this.running;
  }

  private serialize(): string {
    return JSON.stringify(this.model.toJSON());
  }

  private changed(): void {
    if (this.closed) return;
    this.changedAt ??= Date.now();
    if (this.current === "saved") this.become("unsaved");
    if (this.current === "unsaved") this.schedule(Math.min(pause, Math.max(0, this.changedAt + longest - Date.now())));
  }

  private schedule(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), milliseconds);
  }

  private async attempt(): Promise<void> {
    const text = this.serialize();
    this.changedAt = undefined;
    if (text === this.stored && this.current !== "failed" && this.current !== "conflict") {
      this.become("saved");
      return;
    }
    this.become("saving");
    try {
      if (await this.changedElsewhere()) {
        this.become("conflict");
        return;
      }
      const saved = await this.contents.save(this.path, {
        type: "notebook",
        format: "json",
        content: JSON.parse(text) as unknown,
      });
      this.lastModified = saved.last_modified;
      this.stored = text;
      this.reason = "";
      this.unreachable = false;
      if (this.changedAt === undefined) {
        this.become("saved");
      } else {
        this.become("unsaved");
        this.schedule(pause);
      }
    } catch (error) {
      this.unreachable = error instanceof ServerConnection.NetworkError;
      this.reason = this.unreachable ? "the course server does not answer" : messageOf(error);
      this.become("failed");
      if (!this.closed) this.schedule(retry);
    }
  }

  private async changedElsewhere(): Promise<boolean> {
    if (this.lastModified === "") return false;
    const { last_modified: onDisk } = await this.contents.get(this.path, { content: false });
    return Date.parse(onDisk) > Date.parse(this.lastModified);
  }

  private become(next: SaveState): void {
    if (next === this.current) return;
    this.current = next;
    document.documentElement.dataset.saveState = next;
    this.changes.emit(next);
  }

  private readonly warn = (event: BeforeUnloadEvent): void => {
    if (this.current !== "saved") event.preventDefault();
  };

  private readonly leave = (): void => {
    if (document.visibilityState === "hidden" && this.current === "unsaved") void this.save();
  };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
