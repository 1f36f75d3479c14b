import { addressOf, type WasmBackend } from "./internals";
import { isCompiled, sideModule } from "./sideModule";
import { tf } from "./tf";
import type { SideModule } from "./wasm.generated";

type Gradients = Parameters<tf.Optimizer["applyGradients"]>[0];

/** What an optimizer keeps for one variable, such as a moment of Adam. */
interface VariableSlot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/** The fields of tfjs's optimizers that their steps use, and the protected method that counts steps. */
interface Fields {
  readonly learningRate: number;
  readonly epsilon: number;
  incrementIterations(): void;
}

interface Sgd extends Fields {
  readonly c: tf.Tensor;
}

interface Momentum extends Sgd {
  readonly m: tf.Tensor;
  readonly useNesterov: boolean;
  readonly accumulations: VariableSlot[];
}

interface RmsProp extends Fields {
  readonly decay: number;
  readonly momentum: number;
  readonly centered: boolean;
  readonly accumulatedMeanSquares: VariableSlot[];
  readonly accumulatedMoments: VariableSlot[];
  readonly accumulatedMeanGrads: VariableSlot[];
}

interface Adam extends Fields {
  readonly beta1: number;
  readonly beta2: number;
  readonly accBeta1: tf.Variable;
  readonly accBeta2: tf.Variable;
  readonly accumulatedFirstMoment: VariableSlot[];
  readonly accumulatedSecondMoment: VariableSlot[];
  /** Only with AdamW. */
  readonly weightDecay?: number;
}

/** A variable and what a step moves it by; `place` is its place among the slots. */
interface Update {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor | undefined;
  readonly place: number;
}

/** One optimizer's step of one variable on the compiled kernels. */
type Step<O> = (optimizer: O, update: Update & { readonly gradient: tf.Tensor }, memory: Memory) => void;

/** The kernels and how tensors are found and made in their memory. */
interface Memory {
  readonly module: SideModule;
  at(tensor: tf.Tensor): number;
  like(tensor: tf.Tensor): tf.Tensor;
}

/**
 * Makes tfjs's SGD, momentum, RMSProp and Adam step each variable by one compiled kernel where the engine runs, instead of
 * by some ten operations; called when the engine is loaded. Every number has the bits that tfjs's operations give it.
 *
 * Weights and slots get new data, so that a clone keeps the old values and a killed step leaves whole ones.
 */
export function replaceOptimizerSteps(): void {
  if (replaced) return;
  replaced = true;
  replaceStep<Sgd>(tf.SGDOptimizer, () => undefined, stepSgd);
  replaceStep<Momentum>(
    tf.MomentumOptimizer,
    ({ accumulations }, update) => slot(accumulations, update, "momentum"),
    stepMomentum,
  );
  replaceStep<RmsProp>(tf.RMSPropOptimizer, makeRmsPropSlots, stepRmsProp);
  replaceStep<Adam>(tf.AdamOptimizer, makeAdamSlots, stepAdam, movePowers);
}

let replaced = false;

function replaceStep<O extends Fields>(
  { prototype }: { readonly prototype: tf.Optimizer },
  makeSlots: (optimizer: O, update: Update) => unknown,
  step: Step<O>,
  end: (optimizer: O, memory: Memory) => void = () => undefined,
): void {
  const stock = prototype.applyGradients;
  prototype.applyGradients = function (this: tf.Optimizer & O, gradients): void {
    const updates = compiledUpdates(gradients);
    if (updates === undefined) {
      stock.call(this, gradients);
      return;
    }
    tf.tidy(() => {
      const memory = memoryOf(tf.backend() as unknown as WasmBackend);
      for (const update of updates) {
        makeSlots(this, update);
        if (update.gradient !== undefined) step(this, { ...update, gradient: update.gradient }, memory);
      }
      end(this, memory);
    });
    this.incrementIterations();
  } as tf.Optimizer["applyGradients"];
}

/** What to step on the compiled kernels; undefined where they do not run or a tensor is of another type than float32. */
export function compiledUpdates(gradients: Gradients): readonly Update[] | undefined {
  if (tf.getBackend() !== "wasm" || !isCompiled()) return undefined;
  const { registeredVariables } = tf.engine();
  const pairs = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor] as const)
    : Object.entries(gradients);
  const updates = pairs.map(([name, gradient], place) => ({
    variable: registeredVariables[name],
    gradient: (gradient as tf.Tensor | null) ?? undefined,
    place,
  }));
  const known = updates.every(
    ({ variable, gradient }) => variable.dtype === "float32" && (gradient?.dtype ?? "float32") === "float32",
  );
  return known ? updates : undefined;
}

function memoryOf(backend: WasmBackend): Memory {
  return {
    module: sideModule(backend),
    at: (tensor) => addressOf(backend, tensor),
    like: ({ shape }) => tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, "float32")),
  };
}

/** The slot of a variable, made of zeros at its first step. */
function slot(slots: (VariableSlot | undefined)[], { variable, place }: Update, name: string): VariableSlot {
  return (slots[place] ??= {
    originalName: `${variable.name}/${name}`,
    variable: tf.tidy(() => tf.zerosLike(variable).variable(false)),
  });
}

const stepSgd: Step<Sgd> = ({ c }, { variable, gradient }, { module, at, like }) => {
  const next = like(variable);
  module.sgd(at(variable), at(gradient), at(c), at(next), variable.size);
  variable.assign(next);
};

const stepMomentum: Step<Momentum> = (optimizer, { variable, gradient, place }, { module, at, like }) => {
  const { c, m, accumulations, useNesterov } = optimizer;
  const sum = accumulations[place].variable;
  const [next, nextSum] = [like(variable), like(sum)];
  const addresses = [variable, gradient, sum, c, m, next, nextSum].map(at) as Seven;
  module.momentumSgd(...addresses, variable.size, useNesterov);
  sum.assign(nextSum);
  variable.assign(next);
};

function makeRmsPropSlots(optimizer: RmsProp, update: Update): void {
  slot(optimizer.accumulatedMeanSquares, update, "rms");
  slot(optimizer.accumulatedMoments, update, "momentum");
  if (optimizer.centered) slot(optimizer.accumulatedMeanGrads, update, "mg");
}

const stepRmsProp: Step<RmsProp> = (optimizer, { variable, gradient, place }, { module, at, like }) => {
  const { learningRate, decay, momentum, epsilon, centered } = optimizer;
  const square = optimizer.accumulatedMeanSquares[place].variable;
  const way = optimizer.accumulatedMoments[place].variable;
  const average = centered ? optimizer.accumulatedMeanGrads[place].variable : undefined;
  const [next, nextSquare, nextWay] = [like(variable), like(square), like(way)];
  const nextAverage = average && like(average);
  const before = [variable, gradient, square, way].map(at) as Four;
  const after = [next, nextSquare, nextWay].map(at) as Three;
  const [averageAt, nextAverageAt] = [average, nextAverage].map((tensor) => (tensor ? at(tensor) : 0));
  const numbers = [learningRate, decay, 1 - decay, momentum, epsilon] as const;
  module.rmsprop(...before, averageAt, ...after, nextAverageAt, variable.size, ...numbers);
  square.assign(nextSquare);
  if (nextAverage) average?.assign(nextAverage);
  way.assign(nextWay);
  variable.assign(next);
};

function makeAdamSlots(optimizer: Adam, update: Update): void {
  slot(optimizer.accumulatedFirstMoment, update, "m");
  slot(optimizer.accumulatedSecondMoment, update, "v");
}

const stepAdam: Step<Adam> = (optimizer, { variable, gradient, place }, { module, at, like }) => {
  const { beta1, beta2, accBeta1, accBeta2, learningRate, epsilon, weightDecay = 0 } = optimizer;
  const first = optimizer.accumulatedFirstMoment[place].variable;
  const second = optimizer.accumulatedSecondMoment[place].variable;
  const [next, nextFirst, nextSecond] = [like(variable), like(first), like(second)];
  const before = [variable, gradient, first, second, accBeta1, accBeta2].map(at) as Six;
  const after = [next, nextFirst, nextSecond].map(at) as Three;
  const numbers = [beta1, 1 - beta1, beta2, 1 - beta2, -learningRate, epsilon, 1 - learningRate * weightDecay] as const;
  module.adam(...before, ...after, variable.size, ...numbers);
  first.assign(nextFirst);
  second.assign(nextSecond);
  variable.assign(next);
};

/** The running powers of both betas go one step on. */
function movePowers({ accBeta1, accBeta2, beta1, beta2 }: Adam, { module, at, like }: Memory): void {
  for (const [power, beta] of [
    [accBeta1, beta1],
    [accBeta2, beta2],
  ] as const) {
    const next = like(power);
    module.scale(at(power), at(next), 1, beta);
    power.assign(next);
  }
}

type Three = [number, number, number];
type Four = [number, number, number, number];
type Six = [number, number, number, number, number, number];
type Seven = [...Six, number];

/** A number among the arguments of a step's kernel that follows the optimizer's learning rate. */
export interface RateArgument {
  readonly place: number;
  read(optimizer: { readonly learningRate: number; readonly weightDecay?: number }): number;
}

/** Kernels of optimizers, with those of their arguments that follow the learning rate; the others read it in memory. */
export const optimizerKernels: Readonly<Partial<Record<string, readonly RateArgument[]>>> = {
  sgd: [],
  momentumSgd: [],
  rmsprop: [{ place: 10, read: ({ learningRate }) => learningRate }],
  adam: [
    { place: 14, read: ({ learningRate }) => -learningRate },
    { place: 16, read: ({ learningRate, weightDecay = 0 }) => 1 - learningRate * weightDecay },
  ],
};
