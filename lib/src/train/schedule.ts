import { cos } from "../math/special";

/** How the learning rate goes on from the optimizer's own, as plain data. */
export type Schedule =
  | {
      /** Down to 0 after the last step, along half a cosine or a straight line. */
      readonly kind: "cosine" | "linear";
      /** Steps on which the rate first rises in equal parts; default 0. */
      readonly warmup?: number;
    }
  | {
      /** Times `factor` from each of the steps `at` on, counted from 1. */
      readonly kind: "steps";
      /** Steps. */
      readonly at: readonly number[];
      /** Above 0; below 1 lowers the rate. */
      readonly factor: number;
    };

/**
 * What the learning rate is multiplied by at a step.
 *
 * Cosine: Loshchilov & Hutter 2017, arXiv:1608.03983, equation 5 without restarts.
 *
 * @param step - from 1
 * @param steps - in all
 * @throws RangeError if the schedule is not valid
 */
export function scheduleFactor(schedule: Schedule, step: number, steps: number): number {
  if (schedule.kind === "steps") {
    const { at, factor } = schedule;
    if (!(factor > 0)) throw new RangeError(`schedule.factor: expected a positive number, got ${factor}`);
    return at.reduce((product, from) => (step >= from ? product * factor : product), 1);
  }
  const { kind, warmup = 0 } = schedule;
  if (kind !== "cosine" && kind !== "linear") {
    throw new RangeError(`schedule.kind: expected cosine, linear or steps, got ${String(kind)}`);
  }
  if (!(Number.isInteger(warmup) && warmup >= 0 && warmup < steps)) {
    throw new RangeError(`schedule.warmup: expected a whole number from 0 to below ${steps} steps, got ${warmup}`);
  }
  if (step <= warmup) return step / warmup;
  const gone = (step - 1 - warmup) / (steps - warmup);
  return kind === "linear" ? 1 - gone : (1 + cos(Math.PI * gone)) / 2;
}
