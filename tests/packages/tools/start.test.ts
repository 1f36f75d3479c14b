import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { repository } from "./sampleCourse";

const main = path.join(repository, "packages", "tools", "dist", "main.js");

/** `deepen start`, with what it has printed. */
function start(...values: string[]): { process: ChildProcess; text: () => string; address: Promise<string> } {
  const started = spawn(process.execPath, [main, "start", "--no-open", ...values], { cwd: repository });
  let text = "";
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const found = /served at (http:\S+)\n/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    started.once("exit", () => {
      reject(new Error(`deepen start ended: ${text}`));
    });
  });
  return { process: started, text: () => text, address };
}

const exitOf = (started: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    started.once("exit", resolve);
  });

test("start serves on loopback, says which port it took instead of a taken one, and ends with 0 at Ctrl-C", async () => {
  const first = start();
  const second: ReturnType<typeof start>[] = [];
  let codes: (number | null)[] = [];
  try {
    const address = new URL(await first.address);
    expect(address.hostname).toBe("127.0.0.1");
    expect((await fetch(address)).status).toBe(200);
    expect(first.text()).toContain("Ctrl-C stops it");

    second.push(start("--port", address.port));
    const other = new URL(await second[0].address);
    expect(other.port).not.toBe(address.port);
    expect(second[0].text()).toContain(`Port ${address.port} is taken: serving on ${other.port} instead.`);
  } finally {
    const exits = [first, ...second].map(({ process: each }) => exitOf(each));
    for (const { process: each } of [first, ...second]) each.kill("SIGINT");
    codes = await Promise.all(exits);
  }
  // Windows has no SIGINT between processes: there `kill` ends them at once.
  if (process.platform !== "win32") expect(codes).toEqual([0, 0]);
});
