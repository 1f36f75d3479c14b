import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Writes a file so that at every moment its name holds either the whole old content or the whole new one.
 *
 * The content goes to a temporary file beside it, is forced to the disk, and takes the name by a rename.
 * @throws the file system's error (ENOSPC, EACCES, …); the old file is then untouched and the temporary one removed
 */
export async function saveFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
