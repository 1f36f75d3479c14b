import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import { gunzipSync } from "fflate";
import { host } from "../host";

/** A gzip file of the course's data folder, as it must be. */
export interface PackedFile {
  readonly name: string;
  /** SHA-256 of the packed bytes, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Bytes inside a packed file, once its checksum is verified.
 * @throws Error if the file is damaged or another version; the message names the file and the cure
 */
export async function openPacked(file: PackedFile): Promise<Uint8Array> {
  const packed = await host().open(file.name);
  const found = bytesToHex(sha256(packed));
  if (found !== file.sha256) {
    throw new Error(
      `data/${file.name} is damaged or not the version this library was made for: expected SHA-256 ` +
        `${file.sha256.slice(0, 12)}…, got ${found.slice(0, 12)}… (${packed.length} bytes). ` +
        `Put the course's own file back: git checkout -- data/${file.name}`,
    );
  }
  return gunzipSync(packed);
}
