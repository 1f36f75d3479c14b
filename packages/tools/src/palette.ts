import UPNG from "upng-js";

const colours = 256;

/**
 * A PNG (base64) with at most 256 colours: a third of the size that Chromium writes, and the eye sees no difference in a figure.
 */
export function reducedColours(png: string): string {
  const image = UPNG.decode(Uint8Array.from(Buffer.from(png, "base64")).buffer);
  const reduced = UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, colours);
  return Buffer.from(reduced).toString("base64");
}
