import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Ports tried beyond the one asked for. */
const attempts = 100;

/**
 * Makes a server listen on the loopback address, on the port asked for or the next that is free.
 * @param port - 0 for any free port
 * @returns the port taken
 * @throws Error if none of a hundred ports is free, RangeError if `port` is not a port
 */
export async function listen(server: Server, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`port: expected a whole number from 0 to 65535, got ${port}`);
  }
  const last = Math.min(port + attempts, 65535);
  for (let candidate = port; candidate <= last; candidate++) {
    if (await isTaken(server, candidate)) continue;
    return (server.address() as AddressInfo).port;
  }
  throw new Error(`port: ${port} and the next ones up to ${last} are all taken; ask for another, or 0 for any.`);
}

async function isTaken(server: Server, port: number): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: "127.0.0.1" }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    return false;
  } catch (error) {
    // EACCES: a port below 1024, or one that Windows keeps for itself.
    if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return true;
    throw error;
  }
}
