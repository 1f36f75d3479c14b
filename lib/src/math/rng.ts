import { hashWords, rotateLeft } from "./hash";
import { cos, ln, sin } from "./special";

/** A stream of random numbers that is the same on every machine; every draw moves it on. */
export interface Rng {
  /** The seed it was made from. */
  readonly seed: number;
  /** A new generator that depends on this one's seed and on `name`, not on what was drawn before. */
  child(name: string): Rng;
  /** Integer, uniform on [0, 2³²). */
  uint32(): number;
  /** Integer, uniform on [0, `below`), without bias; `below` from 1 to 2³². */
  integer(below: number): number;
  /** Uniform on [`low`, `high`), by default [0, 1), with 53 random bits. */
  uniform(low?: number, high?: number): number;
  /** Normal with mean `mean` (default 0) and standard deviation `std` (default 1), by Box and Muller. */
  normal(mean?: number, std?: number): number;
  /** The integers 0 … `count` − 1 in random order. */
  permutation(count: number): Int32Array;
  /** A shuffled copy of `values`. */
  shuffle<T>(values: readonly T[]): T[];
}

/**
 * A seeded generator: xoshiro128** (Blackman and Vigna 2018), integer arithmetic alone.
 *
 * @param seed - integer from 0 to 2⁵³ − 1; the same seed gives the same numbers everywhere
 * @throws RangeError if `seed` is no such integer
 */
export function rng(seed: number): Rng {
  return new Xoshiro128(checkedSeed(seed));
}

/**
 * The seed that belongs to `name` under `seed`: what `rng(seed).child(name)` starts from.
 *
 * @param seed - integer from 0 to 2⁵³ − 1
 * @param name - any text, e.g. "weights/3"
 * @returns integer from 0 to 2⁵³ − 1
 * @throws RangeError if `seed` is no such integer
 */
export function childSeed(seed: number, name: string): number {
  const words = [...seedWords(checkedSeed(seed)), ...Array.from(name, (letter) => letter.codePointAt(0)!)];
  const high = hashWords(words, 1) >>> 11;
  return high * twoTo32 + hashWords(words, 2);
}

const twoTo32 = 4294967296;

class Xoshiro128 implements Rng {
  private readonly state: Int32Array;
  /** The second normal of a pair; NaN if it is used up. */
  private spareNormal = NaN;

  constructor(readonly seed: number) {
    const words = seedWords(seed);
    this.state = Int32Array.from([3, 4, 5, 6], (stream) => hashWords(words, stream));
  }

  child(name: string): Rng {
    return new Xoshiro128(childSeed(this.seed, name));
  }

  uint32(): number {
    const s = this.state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > twoTo32) {
      throw new RangeError(`below: expected an integer from 1 to 2^32, got ${below}`);
    }
    const limit = twoTo32 - (twoTo32 % below);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % below;
  }

  uniform(low = 0, high = 1): number {
    const bits = (this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6);
    return low + (high - low) * (bits / 9007199254740992);
  }

  normal(mean = 0, std = 1): number {
    const spare = this.spareNormal;
    if (!Number.isNaN(spare)) {
      this.spareNormal = NaN;
      return mean + std * spare;
    }
    const radius = Math.sqrt(-2 * ln(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spareNormal = radius * sin(angle);
    return mean + std * (radius * cos(angle));
  }

  permutation(count: number): Int32Array {
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(`count: expected a non-negative integer, got ${count}`);
    }
    const order = Int32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const moved = order[last];
      order[last] = order[other];
      order[other] = moved;
    }
    return order;
  }

  shuffle<T>(values: readonly T[]): T[] {
    return Array.from(this.permutation(values.length), (index) => values[index]);
  }
}

function seedWords(seed: number): readonly [number, number] {
  return [seed % twoTo32, Math.floor(seed / twoTo32)];
}

function checkedSeed(seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed: expected an integer from 0 to 2^53 - 1, got ${seed}`);
  }
  return seed;
}
