import { tf } from "@deepen/engine";
import { rng } from "../math/rng";
import { breathe } from "../train/breathe";
import { submodel, type Unit } from "./unit";

/** What keeps an input that is made to excite a unit from being noise. */
export interface Penalties {
  /** Weight of the mean square of the input, default 0. */
  readonly l2?: number;
  /** Weight of the mean absolute difference between neighbours, default 0. */
  readonly totalVariation?: number;
}

/** How {@link maximise} climbs. */
export interface MaximiseOptions extends Penalties {
  /** Decides the first input and the shifts. */
  readonly seed: number;
  /** Default 100. */
  readonly steps?: number;
  /** Root mean square change of the input in a step, in units of the input; default 0.05. */
  readonly stepSize?: number;
  /** Before each step the input is turned round by up to so many places along each spatial axis; default 0. */
  readonly jitter?: number;
}

/** An input that was made to excite a unit. */
export interface Maximised {
  /** As one example of the model's input, without the batch axis. */
  readonly values: Float32Array;
  /** The unit's value for it, penalties left out. */
  readonly activation: number;
}

/**
 * An input that excites one unit of a trained model as much as it can: gradient ascent on the input, from faint noise
 * (standard deviation 0.1). Of a convolution, the unit at the middle position. The model is as in use, and not changed.
 *
 * @param unit - layer by name and channel; take a layer before its ReLU, which has no gradient where it is 0
 * @throws Interrupted if the reader asks to stop
 * @throws RangeError if there is no such unit or an option is out of range
 * @see Olah, Mordvintsev and Schubert 2017, Feature Visualization, Distill 2(11), doi:10.23915/distill.00007
 */
export async function maximise(model: tf.LayersModel, unit: Unit, options: MaximiseOptions): Promise<Maximised> {
  const { seed, steps = 100, stepSize = 0.05, jitter = 0 } = options;
  for (const [name, value] of Object.entries({ steps, jitter: jitter + 1 })) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: expected a whole number, got ${value}`);
  }
  const part = submodel(model, unit);
  const shape = model.inputs[0].shape.slice(1) as number[];
  const random = rng(seed);
  let x = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal(0, 0.1));
  for (let step = 1; step <= steps; step++) {
    const shifts = shape.slice(0, -1).map(() => random.integer(2 * jitter + 1) - jitter);
    const { gradient } = ascent(part, unit.channel, rolled(x, shape, shifts), options);
    const back = rolled(
      gradient,
      shape,
      shifts.map((shift) => -shift),
    );
    const size = Math.sqrt(back.reduce((sum, value) => sum + value * value, 0) / back.length);
    if (size > 0) x = x.map((value, index) => value + (stepSize * back[index]) / size);
    await breathe(`step ${step} of ${steps}`);
  }
  return { values: x, activation: ascent(part, unit.channel, x, {}).value };
}

/**
 * The height that is climbed at `x`, and its gradient: the unit's value less its penalties.
 * @param part - the model up to the unit's layer
 * @param x - one example, without the batch axis
 */
export function ascent(
  part: tf.LayersModel,
  channel: number,
  x: Float32Array,
  { l2 = 0, totalVariation = 0 }: Penalties,
): { readonly value: number; readonly gradient: Float32Array } {
  const shape = [1, ...(part.inputs[0].shape.slice(1) as number[])];
  return tf.tidy(() => {
    const height = (input: tf.Tensor): tf.Scalar => {
      const excited = atMiddle(part.apply(input) as tf.Tensor, channel);
      const roughness = shape.slice(1, -1).map((_, axis) => neighbourDifference(input, axis + 1));
      const penalty = roughness.reduce((sum, term) => sum.add(term), tf.scalar(0)).mul(totalVariation);
      return excited.sub(input.square().mean().mul(l2)).sub(penalty).asScalar();
    };
    const { value, grad } = tf.valueAndGrad(height)(tf.tensor(x, shape));
    return { value: value.dataSync()[0], gradient: Float32Array.from(grad.dataSync()) };
  });
}

function atMiddle(output: tf.Tensor, channel: number): tf.Tensor {
  const middle = output.shape.slice(1, -1).map((length) => Math.floor(length / 2));
  const begin = [0, ...middle, channel];
  return output.slice(
    begin,
    begin.map(() => 1),
  );
}

function neighbourDifference(input: tf.Tensor, axis: number): tf.Tensor {
  const [from, size] = [input.shape.map(() => 0), [...input.shape]];
  size[axis] -= 1;
  const next = [...from];
  next[axis] = 1;
  return input.slice(next, size).sub(input.slice(from, size)).abs().mean();
}

/** The values turned round by `shifts[axis]` places along each spatial axis. */
function rolled(values: Float32Array, shape: readonly number[], shifts: readonly number[]): Float32Array {
  if (shifts.every((shift) => shift === 0)) return values;
  const turned = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    let left = index;
    let stride = 1;
    let to = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const place = left % shape[axis];
      left = Math.floor(left / shape[axis]);
      to += ((place + (shifts[axis] ?? 0) + shape[axis]) % shape[axis]) * stride;
      stride *= shape[axis];
    }
    turned[to] = values[index];
  }
  return turned;
}
