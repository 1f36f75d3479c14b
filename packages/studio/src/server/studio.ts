import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { startKernel, type Kernel } from "@deepen/kernel";
import { Access } from "./access";
import { Assets } from "./assets";
import { Chapters, chapterRoutes } from "./chapters";
import { Checkpoints } from "./checkpoints";
import { contentsRoutes } from "./contentsApi";
import { CourseFiles, type Save } from "./courseFiles";
import { checkKernelName, kernelRoutes } from "./kernelApi";
import { KernelPool, type PoolLimits } from "./kernelPool";
import { listen } from "./listen";
import { Overlay } from "./overlay";
import { answerRequests } from "./server";
import { serverRoutes } from "./serverApi";
import { Sessions } from "./sessions";
import { Sockets } from "./sockets";

/** What to serve, and where. */
export interface StudioOptions {
  /** The course folder: notebooks/ is read in it, work/ written. */
  readonly course: string;
  /** Port asked for, default 8800; if it is taken, the next free one; 0 for any. */
  readonly port?: number;
  /** The token that lets a browser in; a random one by default. */
  readonly token?: string;
}

/** A running server. */
export interface Studio {
  /** Address for the browser, with the token. */
  readonly url: string;
  /** The port taken, which may be another than the one asked for. */
  readonly port: number;
  /** Ends the kernels, then the server. */
  close(): Promise<void>;
}

/** What the server is put together from; only the page's folder has no default. */
export interface Setup {
  /** Folder of the built page. */
  readonly page: string;
  /** How a kernel starts: this course's environment and the package's kernel by default. */
  readonly launch?: () => Promise<Kernel>;
  /** Default: 8 kernels, 60 minutes. */
  readonly limits?: Partial<PoolLimits>;
  /** How a notebook is written to the disk. */
  readonly save?: Save;
}

const defaults: PoolLimits = { kernels: 8, idle: 60 * 60_000 };

/** Serves a course with the given setup; the door's `startStudio` is this with the defaults. */
export async function startServer(options: StudioOptions, setup: Setup): Promise<Studio> {
  const course = await courseFolder(options.course);
  const token = options.token ?? randomBytes(24).toString("hex");
  if (token === "") throw new RangeError("token: expected at least one character, got an empty string");
  const cwd = path.join(course, "notebooks");
  const env = { DEEPEN_WORK: path.join(course, "work") };
  const launch = setup.launch ?? (() => startKernel({ cwd, env }));

  const files = new CourseFiles(course, setup.save);
  const overlay = new Overlay(files);
  const pool = new KernelPool(launch, { ...defaults, ...setup.limits });
  const sockets = new Sockets(pool);
  const server = createServer();
  const port = await listen(server, options.port ?? 8800);
  answerRequests(server, {
    access: new Access(token, port),
    routes: [
      ...serverRoutes(pool),
      ...contentsRoutes(overlay, new Checkpoints(files, overlay)),
      ...chapterRoutes(new Chapters(files, overlay)),
      ...kernelRoutes(pool, new Sessions(pool, checkKernelName)),
    ],
    assets: new Assets(setup.page),
    sockets,
  });
  return {
    url: `http://127.0.0.1:${port}/?token=${encodeURIComponent(token)}`,
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      await pool.close();
      sockets.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function courseFolder(given: string): Promise<string> {
  const course = path.resolve(given);
  const notebooks = await stat(path.join(course, "notebooks")).catch(() => undefined);
  if (notebooks?.isDirectory() !== true) {
    throw new Error(`course: expected a folder with notebooks/ in it, got ${course}`);
  }
  return course;
}
