import UPNG from "upng-js";

const colours = 64;

/**
 * A PNG (base64) with at most 64 colours, a fourth of the size that Chromium writes: lines, bands and letters look the same,
 * a continuous colour scale gets 64 steps.
 */
export function reducedColours(png: string): string {
  const image = UPNG.decode(Uint8Array.from(Buffer.from(png, "base64")).buffer);
  const reduced = UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, colours);
  return Buffer.from(reduced).toString("base64");
}
