import { currentRecording } from "./capture/recording";
import { tf } from "./tf";

/** An optimizer as its fields are: numbers, lists of slots (one a trained variable), single variables and tensors. */
type Fields = tf.Optimizer & {
  [field: string]: unknown;
  iterations_?: number;
  learningRate?: unknown;
  c?: tf.Tensor;
};

/** What an optimizer keeps for one trained variable, such as a moment of Adam. */
interface Slot {
  readonly variable: tf.Variable;
}

/** What an optimizer was when the cell first used it. */
interface Beginning {
  /** It had no slots yet: losing them means starting again. */
  readonly fresh: boolean;
  readonly iterations: number | undefined;
  /** Values of its single variables, such as Adam's running powers of beta. */
  readonly scalars: ReadonlyMap<string, number>;
  /** It was made in the cell itself. */
  readonly made: boolean;
}

let used = new Map<Fields, Beginning>();
let watching = false;

/** Starts noting which optimizers a cell uses; called when the engine is loaded. */
export function watchOptimizers(): void {
  if (watching) return;
  watching = true;
  const { SGDOptimizer, AdamOptimizer, AdamaxOptimizer, AdagradOptimizer, AdadeltaOptimizer } = tf;
  const { MomentumOptimizer, RMSPropOptimizer } = tf;
  for (const { prototype } of [
    SGDOptimizer,
    MomentumOptimizer,
    RMSPropOptimizer,
    AdamOptimizer,
    AdamaxOptimizer,
    AdagradOptimizer,
    AdadeltaOptimizer,
  ] as { readonly prototype: tf.Optimizer }[]) {
    const apply = prototype.applyGradients;
    prototype.applyGradients = function (this: Fields, gradients): void {
      note(this, false);
      currentRecording()?.optimizers.add(this);
      apply.call(this, gradients);
    };
  }
  const setLearningRate = SGDOptimizer.prototype.setLearningRate;
  SGDOptimizer.prototype.setLearningRate = function (this: tf.SGDOptimizer, learningRate: number): void {
    const fields = this as unknown as Fields;
    // The constructor sets the learning rate before there is a tensor for it.
    note(fields, fields.c === undefined);
    setLearningRate.call(this, learningRate);
  };
}

/** Forgets which optimizers were used: a cell begins. */
export function forgetOptimizers(): void {
  used = new Map();
}

/**
 * Puts the optimizers right that the killed cell has used, after its tensors were disposed: slots made in that cell go,
 * and an optimizer that has lost all of them starts again from its first step.
 */
export function repairOptimizers(): void {
  for (const [optimizer, beginning] of used) {
    if (beginning.made) continue;
    for (const slots of slotLists(optimizer)) {
      slots.forEach((slot, index) => {
        if (slot.variable.isDisposed) Reflect.deleteProperty(slots, index);
      });
      while (slots.length > 0 && slots[slots.length - 1] === undefined) slots.length--;
    }
    if (beginning.fresh) {
      Object.assign(optimizer, { iterations_: beginning.iterations });
      for (const [field, value] of beginning.scalars) {
        const variable = optimizer[field];
        if (variable instanceof tf.Variable && !variable.isDisposed) {
          tf.tidy(() => {
            variable.assign(tf.scalar(value));
          });
        }
      }
    }
    if (optimizer.c?.isDisposed && typeof optimizer.learningRate === "number") {
      optimizer.c = tf.keep(tf.scalar(-optimizer.learningRate));
    }
  }
  forgetOptimizers();
}

function note(optimizer: Fields, made: boolean): void {
  if (used.has(optimizer)) return;
  const lists = slotLists(optimizer);
  const scalars = Object.entries(optimizer).filter(
    (entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable && entry[1].size === 1,
  );
  used.set(optimizer, {
    fresh: lists.length > 0 && lists.every((list) => list.length === 0),
    iterations: optimizer.iterations_,
    scalars: new Map(scalars.map(([field, variable]) => [field, variable.dataSync()[0]])),
    made,
  });
}

function slotLists(optimizer: Fields): Slot[][] {
  return Object.values(optimizer).filter((value): value is Slot[] => Array.isArray(value));
}
