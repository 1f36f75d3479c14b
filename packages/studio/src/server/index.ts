import { pageFolder } from "./buildPage";
import { startServer, type Studio, type StudioOptions } from "./studio";

export { buildPage } from "./buildPage";
export type { Studio, StudioOptions } from "./studio";

/**
 * Serves a course on the loopback address: its page, its notebooks, and kernels to run them.
 * @returns once the server listens; compare `port` with the one asked for
 * @throws Error if `course` is no course folder, RangeError if `port` is no port
 */
export function startStudio(options: StudioOptions): Promise<Studio> {
  return startServer(options, { page: pageFolder });
}
