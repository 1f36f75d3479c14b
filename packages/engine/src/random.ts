import { tf } from "./tf";

/** A stream of random numbers whose state is a variable, so that steps which draw from it can be captured. */
export interface RandomStream {
  /** Key and counter, int32 `[4]`. */
  readonly state: tf.Variable;
  /** Frees the state. */
  dispose(): void;
}

/**
 * A stream of random numbers; the same seed gives the same numbers, on every backend.
 *
 * @param seed - an integer from 0 to 2⁵³ − 1
 * @throws RangeError if the seed is none
 */
export function randomStream(seed: number): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed: expected an integer from 0 to 2^53 - 1, got ${String(seed)}`);
  }
  const words = Int32Array.of(seed | 0, Math.floor(seed / 0x100000000), 0, 0);
  const state = tf.tidy(() => tf.variable(tf.tensor1d(words, "int32"), false));
  return {
    state,
    dispose: () => {
      state.dispose();
    },
  };
}

/**
 * Numbers uniform in [0, 1), multiples of 2⁻²⁴, the next ones of the stream.
 *
 * Philox4x32-10 of Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 *
 * @param shape - of the tensor
 */
export function randomUniform(shape: number[], { state }: RandomStream): tf.Tensor {
  return tf.tidy(() => {
    const [values, next] =
      tf.getBackend() === "wasm" && (tf.getKernel("RandomUniform", "wasm") as tf.KernelConfig | undefined) !== undefined
        ? tf.engine().runKernel<tf.Tensor[]>("RandomUniform", { state }, { shape })
        : drawHere(shape, state);
    state.assign(next);
    return values;
  });
}

/**
 * Numbers of the standard normal distribution, from two uniform ones each (Box & Muller 1958).
 *
 * @param shape - of the tensor
 */
export function randomNormal(shape: number[], stream: RandomStream): tf.Tensor {
  return tf.tidy(() => {
    const radius = tf.sub(1, randomUniform(shape, stream)).log().mul(-2).sqrt();
    return radius.mul(
      randomUniform(shape, stream)
        .mul(2 * Math.PI)
        .cos(),
    );
  });
}

/**
 * Sets each number to 0 with probability `rate` and divides the others by 1 − `rate`; another part at every call.
 *
 * Srivastava et al. 2014, "Dropout". tfjs's own, given a seed, drops the same part at every call.
 *
 * @throws RangeError if the rate is not from 0 to below 1
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, stream: RandomStream): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`rate: expected a number from 0 to below 1, got ${String(rate)}`);
  return tf.tidy(() => {
    const kept = randomUniform(x.shape, stream).greaterEqual(rate).cast("float32");
    return x.mul(kept.mul(1 / (1 - rate)));
  });
}

/** The same numbers in JavaScript, for other backends. */
function drawHere(shape: number[], state: tf.Variable): [tf.Tensor, tf.Tensor] {
  const words = Uint32Array.from(state.dataSync());
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  for (let first = 0; first < values.length; first += 4) {
    const block = philox(words);
    for (let i = 0; i < 4 && first + i < values.length; i++) values[first + i] = (block[i] >>> 8) / 0x1000000;
    words[2]++;
    if (words[2] === 0) words[3]++;
  }
  return [tf.tensor(values, shape), tf.tensor1d(Int32Array.from(words), "int32")];
}

/** Four words from a key and a counter of two words each. */
function philox([key0, key1, low, high]: Uint32Array): readonly number[] {
  let [a, b, c, d] = [low, high, 0, 0];
  let [k0, k1] = [key0, key1];
  for (let round = 0; round < 10; round++) {
    const [first, firstHigh] = multiply(a, 0xd2511f53);
    const [second, secondHigh] = multiply(c, 0xcd9e8d57);
    [a, b, c, d] = [(secondHigh ^ b ^ k0) >>> 0, second, (firstHigh ^ d ^ k1) >>> 0, first];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

/** The product of two words, in two words: low, then high. */
function multiply(x: number, y: number): [low: number, high: number] {
  const [x0, x1, y0, y1] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = x0 * y1 + ((x0 * y0) >>> 16);
  const carried = x1 * y0 + (middle & 0xffff);
  const high = x1 * y1 + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000);
  return [Math.imul(x, y) >>> 0, high >>> 0];
}
