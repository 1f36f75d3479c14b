import { HostedKernel, type Launch } from "./hostedKernel";
import { HttpError } from "./httpError";

/** How many kernels may run, and for how long unused. */
export interface PoolLimits {
  /** Most kernels at a time; one takes 200 MB and more. */
  readonly kernels: number;
  /** Milliseconds after which a kernel ends that runs nothing and that no page is connected to. */
  readonly idle: number;
}

/** The server's kernels. */
export class KernelPool {
  private readonly kernels = new Map<string, HostedKernel>();
  private readonly starting = new Set<Promise<HostedKernel>>();
  private readonly timer: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly launch: Launch,
    private readonly limits: PoolLimits,
  ) {
    this.timer = setInterval(() => void this.endUnused(), Math.min(60_000, limits.idle));
    this.timer.unref();
  }

  /** Kernels that live. */
  list(): HostedKernel[] {
    return [...this.kernels.values()].filter((kernel) => !kernel.isDead);
  }

  /** @throws HttpError 404 if there is no such kernel */
  get(id: string): HostedKernel {
    const kernel = this.kernels.get(id);
    if (kernel === undefined)
      throw new HttpError(404, `There is no kernel ${JSON.stringify(id)}: it has ended.`, "missing");
    return kernel;
  }

  /** Whether a kernel of this id lives. */
  lives(id: string): boolean {
    return this.kernels.get(id)?.isDead === false;
  }

  /** @throws HttpError 409 at the limit, 500 if the kernel does not start */
  async start(): Promise<HostedKernel> {
    this.checkRoom();
    const started = this.launch().then((kernel) => new HostedKernel(kernel, this.launch));
    this.starting.add(started);
    try {
      const kernel = await started;
      this.kernels.set(kernel.id, kernel);
      return kernel;
    } catch (error) {
      throw new HttpError(500, `The kernel did not start. ${(error as Error).message}`, "kernel-start");
    } finally {
      this.starting.delete(started);
    }
  }

  /** @throws HttpError 404, 409 if a dead kernel would be one too many, 500 if the new process does not start */
  async restart(id: string): Promise<HostedKernel> {
    const kernel = this.get(id);
    if (kernel.isDead) this.checkRoom();
    await kernel.restart();
    return kernel;
  }

  /** Ends a kernel and forgets it. */
  async remove(id: string): Promise<void> {
    const kernel = this.get(id);
    this.kernels.delete(id);
    await kernel.shutdown();
  }

  /** Ends all kernels, those that are still starting too. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.allSettled(this.starting);
    await Promise.allSettled([...this.kernels.keys()].map((id) => this.remove(id)));
  }

  private checkRoom(): void {
    if (this.closed) throw new HttpError(503, "The server is shutting down.", "closing");
    if (this.list().length + this.starting.size < this.limits.kernels) return;
    throw new HttpError(
      409,
      `${this.limits.kernels} kernels are running, which is the most that run at a time. Shut one down in another chapter's page, then run the cell again.`,
      "kernel-limit",
    );
  }

  private async endUnused(): Promise<void> {
    const unused = [...this.kernels.values()].filter((kernel) => kernel.unusedFor(this.limits.idle));
    await Promise.allSettled(unused.map((kernel) => this.remove(kernel.id)));
  }
}
