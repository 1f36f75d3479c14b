import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { kernelName, kernelSpec, packageFolder, type KernelSpec } from "../client/spec";

/** The surroundings that decide where Jupyter looks for kernels. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
  home: string;
}

/** What an installation did: where the spec stands, and where the foreign one went that stood there. */
export interface Installed {
  folder: string;
  backup: string | undefined;
}

/** What a removal did. */
export interface Removed {
  folder: string;
  /** False if there was no kernelspec. */
  found: boolean;
  /** The foreign spec that stands there again. */
  restored: boolean;
}

/** The user's Jupyter data folder: JUPYTER_DATA_DIR, or the platform's. */
export function userDataFolder({ env, platform, home }: Surroundings): string {
  if (env.JUPYTER_DATA_DIR !== undefined && env.JUPYTER_DATA_DIR !== "") return env.JUPYTER_DATA_DIR;
  if (platform === "win32") return path.join(env.APPDATA ?? path.join(home, "AppData", "Roaming"), "jupyter");
  if (platform === "darwin") return path.join(home, "Library", "Jupyter");
  return path.join(env.XDG_DATA_HOME ?? path.join(home, ".local", "share"), "jupyter");
}

/** The data folder of an environment, such as a Python environment or /usr/local. */
export function prefixDataFolder(prefix: string): string {
  return path.join(path.resolve(prefix), "share", "jupyter");
}

/**
 * Writes our kernelspec below a Jupyter data folder.
 * @param force - also where another program's spec of that name stands, which is kept and comes back with {@link removeSpec}
 * @throws Error if another program's spec stands there and `force` is false
 */
export async function installSpec(dataFolder: string, force: boolean): Promise<Installed> {
  const folder = specFolder(dataFolder);
  const present = await readSpec(folder);
  const foreign = present !== undefined && !isOurs(present);
  if (foreign && !force) {
    throw new Error(
      `${folder} holds the kernelspec of another program (${present.display_name ?? "unreadable"}). ` +
        `Notebooks find their kernel by this name, so ours must have it: --force puts ours there and keeps the other, --remove brings it back.`,
    );
  }
  let backup: string | undefined;
  if (foreign) {
    backup = await nextBackup(dataFolder);
    await mkdir(path.dirname(backup), { recursive: true });
    await rename(folder, backup);
  }
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const spec: KernelSpec = { ...kernelSpec(), metadata: { deepen: true } };
  await writeFile(path.join(fresh, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  await cp(path.join(packageFolder(), "resources", "logo-svg.svg"), path.join(fresh, "logo-svg.svg"));
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return { folder, backup };
}

/**
 * Takes our kernelspec away and brings back the one that it replaced.
 * @throws Error if the spec there is another program's
 */
export async function removeSpec(dataFolder: string): Promise<Removed> {
  const folder = specFolder(dataFolder);
  const present = await readSpec(folder);
  if (present === undefined) return { folder, found: false, restored: false };
  if (!isOurs(present)) {
    throw new Error(`${folder} holds the kernelspec of another program: it is left as it is.`);
  }
  await rm(folder, { recursive: true });
  const backup = (await backups(dataFolder)).at(-1);
  if (backup !== undefined) await rename(backup, folder);
  return { folder, found: true, restored: backup !== undefined };
}

function specFolder(dataFolder: string): string {
  return path.join(dataFolder, "kernels", kernelName);
}

/** Backups stand outside of kernels/, where Jupyter would list them. */
function backupFolder(dataFolder: string): string {
  return path.join(dataFolder, "deepen-replaced-kernels");
}

/** Paths of the backups, oldest first. */
async function backups(dataFolder: string): Promise<string[]> {
  const folder = backupFolder(dataFolder);
  const names = await readdir(folder).catch(() => []);
  const numbers = names.map((name) => Number(new RegExp(`^${kernelName}-(\\d+)$`).exec(name)?.[1] ?? NaN));
  return numbers
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b)
    .map((number) => path.join(folder, `${kernelName}-${number}`));
}

async function nextBackup(dataFolder: string): Promise<string> {
  const newest = (await backups(dataFolder)).at(-1);
  const number = newest === undefined ? 1 : Number(newest.slice(newest.lastIndexOf("-") + 1)) + 1;
  return path.join(backupFolder(dataFolder), `${kernelName}-${number}`);
}

/** The kernelspec in `folder`; an empty one if its kernel.json can not be read, undefined if there is none. */
async function readSpec(folder: string): Promise<Partial<KernelSpec> | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(folder, "kernel.json"), "utf8");
  } catch {
    const names = await readdir(folder).catch(() => undefined);
    return names === undefined ? undefined : {};
  }
  try {
    return JSON.parse(text) as Partial<KernelSpec>;
  } catch {
    return {};
  }
}

function isOurs(spec: Partial<KernelSpec>): boolean {
  return spec.metadata?.deepen === true;
}
