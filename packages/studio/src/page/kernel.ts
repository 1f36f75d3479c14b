import type { ISessionContext } from "@jupyterlab/apputils";
import { NotebookActions, runCell, setCellExecutor } from "@jupyterlab/notebook";
import type { Kernel } from "@jupyterlab/services";
import { Signal, type ISignal } from "@lumino/signaling";

/** Where the kernel stands, as the page tells it. */
export type KernelState = "none" | "starting" | "idle" | "busy" | "restarting" | "dead" | "disconnected";

/** Name of the course's kernelspec. */
const kernelName = "tslab";

/** The chapter's kernel: started at the first run, its state in one word, told when it dies. */
export class ChapterKernel {
  private readonly changes = new Signal<this, KernelState>(this);
  private current: KernelState = "none";
  private starting: Promise<boolean> | undefined;
  private stopped = false;
  /** The kernel that this page has had a connection to. */
  private reached: Kernel.IKernelConnection | undefined;

  constructor(private readonly context: ISessionContext) {
    context.statusChanged.connect(this.follow, this);
    context.connectionStatusChanged.connect(this.follow, this);
    context.kernelChanged.connect(this.follow, this);
    setCellExecutor({ runCell: (options) => this.runCell(options) });
    document.documentElement.dataset.kernelState = this.current;
    this.follow();
  }

  /** Emitted whenever {@link state} changes. */
  get stateChanged(): ISignal<this, KernelState> {
    return this.changes;
  }

  get state(): KernelState {
    return this.current;
  }

  /** The living kernel, or undefined if none was started or it died. */
  get connection(): Kernel.IKernelConnection | undefined {
    const kernel = this.context.session?.kernel;
    return kernel === null || kernel === undefined || kernel.isDisposed || kernel.status === "dead"
      ? undefined
      : kernel;
  }

  /** Starts the kernel unless it runs; false if it could not be started or the reader stopped it meanwhile. */
  ensure(): Promise<boolean> {
    if (this.connection !== undefined && this.starting === undefined) return Promise.resolve(true);
    this.starting ??= this.start().finally(() => {
      this.starting = undefined;
      this.follow();
    });
    return this.starting;
  }

  /** Ends what runs and what waits; the kernel and its variables stay. */
  async stop(): Promise<void> {
    if (this.starting !== undefined) this.stopped = true;
    await this.connection?.interrupt();
  }

  /** A fresh kernel in place of the one there is, dead or alive. */
  async restart(): Promise<void> {
    if (this.connection !== undefined) {
      await this.context.restartKernel();
    } else {
      await this.ensure();
    }
  }

  private async start(): Promise<boolean> {
    this.stopped = false;
    this.become("starting");
    const session = this.context.session;
    if (session !== null) await this.context.shutdown().catch(() => undefined);
    const kernel = await this.context.changeKernel({ name: kernelName });
    await kernel?.info;
    return kernel !== null && !this.stopped;
  }

  private async runCell(options: Parameters<typeof runCell>[0]): Promise<boolean> {
    const { cell } = options;
    if (cell.model.type === "code" && cell.model.sharedModel.getSource().trim() !== "") {
      const model = cell.model as typeof cell.model & { executionState: "running" | "idle" };
      model.executionState = "running";
      const ready = await this.ensure().catch(() => false);
      if (!ready) {
        model.executionState = "idle";
        return false;
      }
    }
    return runCell(options);
  }

  private follow(): void {
    this.become(this.starting !== undefined ? "starting" : this.read());
  }

  private read(): KernelState {
    const kernel = this.context.session?.kernel;
    if (kernel === null || kernel === undefined) return this.current === "dead" ? "dead" : "none";
    if (kernel.status === "dead") return "dead";
    if (kernel.connectionStatus === "connected") this.reached = kernel;
    else return this.reached === kernel ? "disconnected" : "starting";
    switch (this.context.kernelDisplayStatus) {
      case "idle":
      case "busy":
        return this.context.kernelDisplayStatus;
      case "restarting":
      case "autorestarting":
        return "restarting";
      default:
        return "starting";
    }
  }

  private become(next: KernelState): void {
    if (next === this.current) return;
    this.current = next;
    document.documentElement.dataset.kernelState = next;
    this.changes.emit(next);
  }
}

/** Emitted by JupyterLab after each cell that ran. */
export const cellExecuted = NotebookActions.executed;
