import { ln } from "./special";

/** The numbers of NumPy's legacy generator, in the order in which they are asked for. */
export interface MersenneTwister {
  /** Uniform in [0, 1), 53 bits: `numpy.random.rand()`. */
  uniform(): number;
  /** Standard normal: `numpy.random.randn()`. */
  normal(): number;
  /** Uniform integer from 0 to `below` − 1: `numpy.random.choice(below)`. */
  integer(below: number): number;
  /** A random order of 0 to `count` − 1: `numpy.random.permutation(count)`. */
  permutation(count: number): Int32Array;
}

const size = 624;
const offset = 397;

/**
 * NumPy's `RandomState`, number by number: for data sets that were published with its seeds. Everything else takes its
 * numbers from `rng`.
 *
 * @param seed - integer from 0 to 2³² − 1
 * @throws RangeError if `seed` is no such integer
 * @see Matsumoto and Nishimura 1998, "Mersenne Twister"
 */
export function mersenneTwister(seed: number): MersenneTwister {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`seed: expected an integer from 0 to 2^32 - 1, got ${seed}`);
  }
  const state = seeded(seed);
  let position = size;
  let spare: number | undefined;

  const uint32 = (): number => {
    if (position === size) {
      twist(state);
      position = 0;
    }
    let word = state[position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 0x80000000) {
      throw new RangeError(`below: expected an integer from 1 to 2^31, got ${below}`);
    }
    if (below === 1) return 0;
    // The smallest mask of ones that covers below − 1; what is too large is drawn again.
    const mask = 0xffffffff >>> Math.clz32(below - 1);
    let value = uint32() & mask;
    while (value >= below) value = uint32() & mask;
    return value;
  };
  return {
    uniform,
    integer,
    normal() {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      for (;;) {
        const first = 2 * uniform() - 1;
        const second = 2 * uniform() - 1;
        const square = first * first + second * second;
        if (square >= 1 || square === 0) continue;
        const factor = Math.sqrt((-2 * ln(square)) / square);
        spare = factor * first;
        return factor * second;
      }
    },
    permutation(count) {
      const order = Int32Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = integer(last + 1);
        [order[last], order[other]] = [order[other], order[last]];
      }
      return order;
    },
  };
}

function seeded(seed: number): Int32Array {
  const state = new Int32Array(size);
  state[0] = seed;
  for (let index = 1; index < size; index++) {
    const before = state[index - 1];
    state[index] = Math.imul(1812433253, before ^ (before >>> 30)) + index;
  }
  return state;
}

function twist(state: Int32Array): void {
  for (let index = 0; index < size; index++) {
    const word = (state[index] & 0x80000000) | (state[(index + 1) % size] & 0x7fffffff);
    const odd = (word & 1) === 1 ? 0x9908b0df : 0;
    state[index] = state[(index + offset) % size] ^ (word >>> 1) ^ odd;
  }
}
