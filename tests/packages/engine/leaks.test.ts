import { models } from "../../../packages/engine/bench/models.cjs";
import { ready, tf } from "../../../packages/engine/src/node";
import { counts } from "./support/tensors";

beforeAll(() => ready({ engine: "wasm" }));

/** Numbers of tensors and data, and the size of WebAssembly's memory in bytes. */
function held(): number[] {
  const { wasm } = tf.engine().backend as unknown as { wasm: { HEAPU8: Uint8Array } };
  return [...counts(), wasm.HEAPU8.byteLength];
}

test.each(Object.entries(models))(
  "%s: a thousand steps hold no more tensors and no more memory",
  async (_, { make }) => {
    tf.engine().startScope();
    const { step } = make(tf, 1);
    for (let count = 0; count < 10; count++) await step();
    const before = held();
    for (let count = 0; count < 1000; count++) await step();
    expect(held()).toEqual(before);
    tf.engine().endScope();
  },
  120_000,
);
