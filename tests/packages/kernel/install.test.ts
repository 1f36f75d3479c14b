import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { userDataFolder } from "../../../packages/kernel/src/node/kernelspecs";

const installer = path.resolve(__dirname, "../../../packages/kernel/dist/node/install.js");
let prefix: string;
let kernels: string;

beforeEach(() => {
  prefix = mkdtempSync(path.join(os.tmpdir(), "deepen-install-"));
  kernels = path.join(prefix, "share", "jupyter", "kernels");
});
afterEach(() => {
  rmSync(prefix, { recursive: true, force: true });
});

function install(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [installer, ...flags], { encoding: "utf8" });
}
const spec = () =>
  JSON.parse(readFileSync(path.join(kernels, "tslab", "kernel.json"), "utf8")) as Record<string, unknown>;
const foreign = { display_name: "Stock", argv: ["tslab"], language: "typescript" };
function putForeign(): void {
  mkdirSync(path.join(kernels, "tslab"), { recursive: true });
  writeFileSync(path.join(kernels, "tslab", "kernel.json"), JSON.stringify(foreign));
}

test("--prefix writes a spec with absolute paths that exist, and --remove takes it away", () => {
  const { status, stdout } = install("--prefix", prefix);
  expect(status).toBe(0);
  expect(stdout).toContain(path.join(kernels, "tslab"));
  expect(spec()).toMatchObject({ display_name: "TypeScript", language: "typescript", interrupt_mode: "message" });
  const argv = spec().argv as string[];
  expect(argv.at(-1)).toBe("{connection_file}");
  expect([argv[0], argv.at(-2) as string].map((file) => path.isAbsolute(file) && existsSync(file))).toEqual([
    true,
    true,
  ]);
  expect(existsSync(path.join(kernels, "tslab", "logo-svg.svg"))).toBe(true);
  expect(install("--prefix", prefix).status).toBe(0); // again, over our own
  expect(install("--prefix", prefix, "--remove").status).toBe(0);
  expect(readdirSync(kernels)).toEqual([]);
  expect(install("--prefix", prefix, "--remove").stdout).toContain("nothing to remove");
});

test("another program's spec is kept, unless --force; then --remove brings it back", () => {
  putForeign();
  const refused = install("--prefix", prefix);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("another program (Stock)");
  expect(spec()).toEqual(foreign);
  expect(install("--prefix", prefix, "--force").status).toBe(0);
  expect(install("--prefix", prefix, "--force").status).toBe(0); // twice: the backup is the foreign one still
  expect(spec()).toMatchObject({ display_name: "TypeScript" });
  expect(readdirSync(kernels)).toEqual(["tslab"]); // Jupyter would list a backup that stood beside it
  expect(install("--prefix", prefix, "--remove").stdout).toContain("brought back");
  expect(spec()).toEqual(foreign);
});

test("--remove leaves another program's spec alone", () => {
  putForeign();
  const { status, stderr } = install("--prefix", prefix, "--remove");
  expect(status).toBe(1);
  expect(stderr).toContain("left as it is");
  expect(spec()).toEqual(foreign);
});

test("a spec that can not be read counts as another program's", () => {
  mkdirSync(path.join(kernels, "tslab"), { recursive: true });
  writeFileSync(path.join(kernels, "tslab", "kernel.json"), "{ broken");
  expect(install("--prefix", prefix).status).toBe(1);
});

test.each([[["--bogus"]], [["--user", "--prefix", "x"]], [["--remove", "--force"]], [["extra"]], [["--prefix"]]])(
  "%j is answered with the usage and exit code 2",
  (flags) => {
    const { status, stderr } = install(...flags);
    expect(status).toBe(2);
    expect(stderr).toContain("Usage: kernel:install");
  },
);

test("the user's folder is Jupyter's on each platform, and JUPYTER_DATA_DIR goes before it", () => {
  const home = path.join(path.sep, "home", "reader");
  const at = (platform: string, env: Record<string, string> = {}) => userDataFolder({ env, platform, home });
  expect(at("linux")).toBe(path.join(home, ".local", "share", "jupyter"));
  expect(at("linux", { XDG_DATA_HOME: path.join(home, "x") })).toBe(path.join(home, "x", "jupyter"));
  expect(at("darwin")).toBe(path.join(home, "Library", "Jupyter"));
  expect(at("win32", { APPDATA: path.join(home, "r") })).toBe(path.join(home, "r", "jupyter"));
  expect(at("darwin", { JUPYTER_DATA_DIR: path.join(home, "d") })).toBe(path.join(home, "d"));
});
