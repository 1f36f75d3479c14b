import type { tf } from "@deepen/engine";
import { childSeed } from "../math/rng";
import { Scale } from "./scale";
import { Survival, survivalOf } from "./survival";

/** What may stand between a branch and the sum. */
export interface Branch {
  readonly branchScale?: number;
  readonly survival?: number;
  readonly seed: number;
  /** Number of the branch's first weight layer. */
  readonly first: number;
  /** Number of the branch, from 1. */
  readonly branch: number;
  readonly branches: number;
}

/**
 * A branch, scaled and left out at random as its net asks for, before it is added to what it branched from.
 * @throws RangeError if a factor is no number, or a probability out of range
 */
export function scaled(x: tf.SymbolicTensor, options: Branch): tf.SymbolicTensor {
  const { branchScale = 1, survival = 1, seed, first, branch, branches } = options;
  if (!Number.isFinite(branchScale)) throw new RangeError(`branchScale: expected a number, got ${branchScale}`);
  if (!(survival > 0 && survival <= 1)) {
    throw new RangeError(`survival: expected a number above 0 and at most 1, got ${survival}`);
  }
  let y = x;
  if (branchScale !== 1) {
    y = new Scale({ name: `scale${first}`, factor: branchScale }).apply(y) as tf.SymbolicTensor;
  }
  if (survival !== 1) {
    const probability = survivalOf(branch, branches, survival);
    const coins = { name: `survival${first}`, probability, seed: childSeed(seed, `survival/${first}`) };
    y = new Survival(coins).apply(y) as tf.SymbolicTensor;
  }
  return y;
}
