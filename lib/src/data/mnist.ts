import { type Dataset, type Examples, examples } from "./examples";
import { openPacked } from "./packed";

const images = {
  name: "mnist10k.images.gz",
  sha256: "56e8907f756f088e6b56f4a27004cdfb67f362eca606debe2ade671e8ca27401",
};
const labels = {
  name: "mnist10k.labels.gz",
  sha256: "3500f9eaf828a62b7354cee0516fe2df5904c80bb8588f8d7cbdaef1871f2697",
};

/** Mean and standard deviation of the pixels of the training split, of 255. */
const pixel = { mean: 33.4842902696793, std: 78.77618565926228 };

/**
 * 10,000 handwritten digits, 28 × 28: 7,000 to train, 1,000 to validate, 2,000 to test, all with the same shares of
 * the ten digits, each split in a fixed random order.
 *
 * Pixels are standardised with the mean and the standard deviation of the training split, so that E[x²] is 1 there:
 * background is −0.425, full ink 2.812. Every call reads the files anew.
 * @throws Error if a file is missing or damaged; the message names the file and the cure
 * @see data/README.md for origin and licence
 */
export async function mnist(): Promise<Dataset> {
  const [pixels, digits] = await Promise.all([openPacked(images), openPacked(labels)]);
  const part = (first: number, count: number): Examples =>
    examples({
      x: standardised(pixels.subarray(first * 784, (first + count) * 784)),
      labels: digits.slice(first, first + count),
      shape: [28, 28, 1],
      classes: 10,
    });
  return { train: part(0, 7000), validation: part(7000, 1000), test: part(8000, 2000) };
}

function standardised(pixels: Uint8Array): Float32Array {
  const scale = Float32Array.from({ length: 256 }, (_, value) => (value - pixel.mean) / pixel.std);
  const x = new Float32Array(pixels.length);
  for (let index = 0; index < x.length; index++) x[index] = scale[pixels[index]];
  return x;
}
