import UPNG from "upng-js";
import { reducedColours } from "../../../packages/tools/src/palette";

const [width, height] = [120, 80];

/** Pixels `[height, width, 4]` of stripes and a slope, in as many colours as `colourOf` gives. */
function picture(colourOf: (x: number, y: number) => readonly [number, number, number]): ArrayBuffer {
  const pixels = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set([...colourOf(x, y), 255], 4 * (y * width + x));
  }
  return pixels.buffer;
}

const decoded = (png: string): Uint8Array => {
  const image = UPNG.decode(Uint8Array.from(Buffer.from(png, "base64")).buffer);
  return new Uint8Array(UPNG.toRGBA8(image)[0]);
};

const encoded = (pixels: ArrayBuffer, colours = 0): Buffer =>
  Buffer.from(UPNG.encode([pixels], width, height, colours));

test("a picture of few colours keeps every pixel", () => {
  const pixels = picture((x, y) => (x % 7 === 0 ? [10, 20, 30] : y > x ? [200, 0, 0] : [255, 255, 255]));
  expect(decoded(reducedColours(encoded(pixels).toString("base64")))).toEqual(new Uint8Array(pixels));
});

test("a picture of many colours is left with at most 64 of them, close to its own", () => {
  const pixels = picture((x, y) => [2 * x, 3 * y, 100]);
  const reduced = decoded(reducedColours(encoded(pixels).toString("base64")));
  const colours = new Set(
    Array.from({ length: width * height }, (_, index) => reduced.slice(4 * index, 4 * index + 3).join()),
  );
  expect(colours.size).toBeLessThanOrEqual(64);
  // 64 equal squares of a plane of 240 by 240 reach 15 from their middle; what is cut in two may be twice as long as wide: 30,
  // and a little for shares that are not equal.
  new Uint8Array(pixels).forEach((value, index) => expect(Math.abs(reduced[index] - value)).toBeLessThan(40));
});

test("lines and bands take less than what UPNG writes with the same colours", () => {
  const pixels = picture((x, y) => (Math.abs(40 + 30 * Math.sin(x / 9) - y) < 3 ? [0, 80, 160] : [255, 255 - y, 255]));
  const own = Buffer.from(reducedColours(encoded(pixels).toString("base64")), "base64");
  expect(own.length).toBeLessThan(encoded(pixels, 64).length);
});
