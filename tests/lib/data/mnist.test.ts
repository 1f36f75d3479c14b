import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset, Examples } from "../../../lib/src/data/examples";
import { mnist } from "../../../lib/src/data/mnist";
import { mean, std } from "../../../lib/src/math/stats";
import { setHost } from "../../../lib/src/host";
import { fakeHost } from "../../support/fakeHost";

const folder = path.join(__dirname, "..", "..", "..", "data");
const onDisk = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(path.join(folder, name)));

/** Lets the library read data files through `open`. */
function serve(open: (name: string) => Promise<Uint8Array>): void {
  setHost({ ...fakeHost(), open });
}

describe("the packed MNIST", () => {
  let digits: Dataset;
  beforeAll(async () => {
    serve(onDisk);
    digits = await mnist();
  });

  const shares = (examples: Examples): number[] => {
    const counts = new Array<number>(10).fill(0);
    for (const label of examples.labels) counts[label]++;
    return counts.map((count) => count / examples.count);
  };

  test("has 7,000, 1,000 and 2,000 examples of 28 x 28 pixels in ten classes", () => {
    for (const [examples, count] of [
      [digits.train, 7000],
      [digits.validation, 1000],
      [digits.test, 2000],
    ] as const) {
      expect({ ...examples, x: examples.x.length, labels: examples.labels.length, take: undefined }).toEqual({
        x: count * 784,
        labels: count,
        count,
        shape: [28, 28, 1],
        classes: 10,
        take: undefined,
      });
    }
  });

  test("is stratified: each split has the same shares of the ten digits, to one example", () => {
    const whole = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978].map((count) => count / 10_000);
    for (const examples of [digits.train, digits.validation, digits.test]) {
      shares(examples).forEach((share, digit) => {
        expect(Math.abs(share - whole[digit])).toBeLessThanOrEqual(1 / examples.count);
      });
    }
    // The first thousand in order of the file: within four standard errors of a random choice.
    shares(digits.train.take(1000)).forEach((share, digit) => {
      expect(Math.abs(share - whole[digit])).toBeLessThan(4 * Math.sqrt(whole[digit] / 1000));
    });
  });

  test("has the same image in no two places", () => {
    const hashes = [digits.train, digits.validation, digits.test].flatMap(({ x, count }) =>
      Array.from({ length: count }, (_, index) =>
        createHash("md5")
          .update(x.slice(index * 784, (index + 1) * 784))
          .digest("hex"),
      ),
    );
    expect(new Set(hashes).size).toBe(10_000);
  });

  test("is standardised on the training split, background and ink at the stated values", () => {
    const { x } = digits.train;
    expect(Math.abs(mean(x))).toBeLessThan(1e-6); // float32 rounding of 5.5 million pixels
    expect(Math.abs(std(x) - 1)).toBeLessThan(1e-6);
    expect(Math.min(...x.subarray(0, 7840))).toBeCloseTo(-0.425, 3);
    expect(Math.max(...x.subarray(0, 7840))).toBeCloseTo(2.812, 3);
    expect(Math.abs(mean(digits.test.x))).toBeLessThan(0.02);
  });

  test("shows digits: a nearest-mean rule of a few lines gets most test images right", () => {
    const means = Array.from({ length: 10 }, () => new Float64Array(784));
    const counts = new Array<number>(10).fill(0);
    digits.train.labels.forEach((label, index) => {
      counts[label]++;
      for (let pixel = 0; pixel < 784; pixel++) means[label][pixel] += digits.train.x[index * 784 + pixel];
    });
    const right = Array.from(digits.test.labels.subarray(0, 500)).filter((label, index) => {
      const distances = means.map((sum, digit) => {
        let squares = 0;
        for (let pixel = 0; pixel < 784; pixel++) {
          squares += (digits.test.x[index * 784 + pixel] - sum[pixel] / counts[digit]) ** 2;
        }
        return squares;
      });
      return distances.indexOf(Math.min(...distances)) === label;
    });
    expect(right.length / 500).toBeGreaterThan(0.75); // published for the whole of MNIST: 0.82
  });
});

test("a damaged file is refused with its name, both checksums and the cure", async () => {
  serve(async (name) => {
    const bytes = await onDisk(name);
    if (name.includes("images")) bytes[bytes.length >> 1] ^= 1;
    return bytes;
  });
  await expect(mnist()).rejects.toThrow(
    /^data\/mnist10k\.images\.gz is damaged or not the version .* expected SHA-256 56e8907f756f…, got [0-9a-f]{12}… \(1678703 bytes\)\. Put the course's own file back: git checkout -- data\/mnist10k\.images\.gz$/,
  );
});

test("a file cut short is refused in the same way", async () => {
  serve(async (name) => (await onDisk(name)).subarray(0, 1000));
  await expect(mnist()).rejects.toThrow(/data\/mnist10k\.\w+\.gz is damaged .*\(1000 bytes\)/);
});

test("the checksums in the code are those in data/README.md", async () => {
  const readme = await readFile(path.join(folder, "README.md"), "utf8");
  for (const name of ["mnist10k.images.gz", "mnist10k.labels.gz"]) {
    const digest = createHash("sha256")
      .update(await onDisk(name))
      .digest("hex");
    expect(readme).toContain(digest);
  }
});
