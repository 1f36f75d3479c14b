import { randomUUID } from "node:crypto";
import type { HostedKernel, KernelModel } from "./hostedKernel";
import { HttpError } from "./httpError";
import { objectIn, stringIn, type JsonObject } from "./json";
import type { KernelPool } from "./kernelPool";

/** Jupyter's model of a session. */
export interface SessionModel {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kernel: KernelModel;
}

interface Session {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernel: HostedKernel;
}

/**
 * Which notebook has which kernel.
 *
 * A session whose kernel has died is not listed any more, as in Jupyter's own server, but still answers to its id, so that
 * a page which is connected to it can give it a new kernel.
 */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly creating = new Map<string, Promise<Session>>();

  constructor(
    private readonly pool: KernelPool,
    /** Turns a request's `kernel.name` down if this server has no such kernel. */
    private readonly checkKernelName: (name: string | undefined) => void,
  ) {}

  /** Sessions whose kernels live. */
  list(): SessionModel[] {
    return [...this.sessions.values()].filter(({ kernel }) => this.pool.lives(kernel.id)).map(toModel);
  }

  /** @throws HttpError 404 */
  get(id: string): SessionModel {
    return toModel(this.find(id));
  }

  /** Starts a session with a kernel of its own, or answers with the living one of the same path. */
  async create(body: JsonObject): Promise<SessionModel> {
    const path = stringIn(body, "path");
    if (path === undefined) throw new HttpError(400, "path: expected a string.", "path");
    const existing = [...this.sessions.values()].find(
      (session) => session.path === path && this.pool.lives(session.kernel.id),
    );
    if (existing !== undefined) return toModel(existing);
    let creating = this.creating.get(path);
    if (creating === undefined) {
      creating = this.begin(path, body).finally(() => this.creating.delete(path));
      this.creating.set(path, creating);
    }
    return toModel(await creating);
  }

  /** Changes path, name, type or kernel; the old kernel ends when the session gets another. */
  async update(id: string, body: JsonObject): Promise<SessionModel> {
    const session = this.find(id);
    if (body.kernel !== undefined && body.kernel !== null) {
      const old = session.kernel;
      session.kernel = await this.kernelFor(body);
      const shared = [...this.sessions.values()].some(({ kernel }) => kernel === old);
      if (!shared) await this.pool.remove(old.id).catch(ifGone);
    }
    session.path = stringIn(body, "path") ?? session.path;
    session.name = stringIn(body, "name") ?? session.name;
    session.type = stringIn(body, "type") ?? session.type;
    return toModel(session);
  }

  /** Ends a session and its kernel. */
  async remove(id: string): Promise<void> {
    const session = this.find(id);
    this.sessions.delete(id);
    await this.pool.remove(session.kernel.id).catch(ifGone);
  }

  private async begin(path: string, body: JsonObject): Promise<Session> {
    const kernel = await this.kernelFor(body);
    const session = {
      id: randomUUID(),
      path,
      name: stringIn(body, "name") ?? "",
      type: stringIn(body, "type") ?? "notebook",
      kernel,
    };
    for (const [id, other] of this.sessions) {
      if (other.path === path && other.kernel.isDead) this.sessions.delete(id);
    }
    this.sessions.set(session.id, session);
    return session;
  }

  private async kernelFor(body: JsonObject): Promise<HostedKernel> {
    const kernel = objectIn(body, "kernel");
    const id = stringIn(kernel, "id");
    if (id !== undefined && id !== "") return this.pool.get(id);
    this.checkKernelName(stringIn(kernel, "name"));
    return this.pool.start();
  }

  private find(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new HttpError(404, `There is no session ${JSON.stringify(id)}.`, "missing");
    return session;
  }
}

function toModel({ id, path, name, type, kernel }: Session): SessionModel {
  return { id, path, name, type, kernel: kernel.model() };
}

/** A kernel that has gone by itself meanwhile is as good as removed. */
function ifGone(error: unknown): void {
  if (!(error instanceof HttpError && error.status === 404)) throw error;
}
