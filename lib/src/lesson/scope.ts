import { tf } from "@deepen/engine";

/**
 * Runs `run` in a tensor scope of its own: tensors and variables (weights of models, too) that it makes are freed when
 * it ends, well or badly.
 * @param what - who asks, for the error's text
 * @throws TypeError if the result holds a tensor or a model: its memory would be gone
 */
export async function scoped<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const engine = tf.engine();
  const variables = engine.state.registeredVariables;
  const before = new Set(Object.keys(variables));
  engine.startScope(what);
  try {
    const result = await run();
    const held = tensorIn(result, 3);
    if (held !== undefined) {
      throw new TypeError(
        `${what}: expected plain numbers as result, got ${held}: its memory is freed when the run ends, ` +
          "so return what you measured (e.g. await tensor.data())",
      );
    }
    return result;
  } finally {
    for (const [name, variable] of Object.entries(variables)) {
      if (!before.has(name)) variable.dispose();
    }
    engine.endScope();
  }
}

function tensorIn(value: unknown, depth: number): string | undefined {
  if (value instanceof tf.Tensor) return "a tf.Tensor";
  if (value instanceof tf.LayersModel) return "a tf.LayersModel";
  if (depth === 0 || typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  for (const part of Object.values(value).slice(0, 64)) {
    const held = tensorIn(part, depth - 1);
    if (held !== undefined) return held;
  }
  return undefined;
}
