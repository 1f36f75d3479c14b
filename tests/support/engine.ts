import { ready, tf } from "@deepen/engine";

/** Starts the engine before the tests of a file, and fails a test that leaves tensors behind. */
export function useEngine(): void {
  let before = 0;
  beforeAll(async () => {
    await ready();
  });
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect({ tensorsLeft: tf.memory().numTensors - before }).toEqual({ tensorsLeft: 0 });
  });
}

/** Frees a model when `body` is done with it. */
export async function withModel<T>(model: tf.LayersModel, body: (model: tf.LayersModel) => T | Promise<T>): Promise<T> {
  try {
    return await body(model);
  } finally {
    model.dispose();
  }
}

/** All weights of a model, one after the other. */
export function weightsOf(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}
