import type { tf } from "@deepen/engine";
import { convNet, type ConvNetOptions } from "./convNet";
import { mlp, type MlpOptions } from "./mlp";
import { resNet, type ResNetOptions } from "./resNet";

/** Which net, as plain data; what depends on the examples and on the seed is left out. */
export type ModelSpec =
  | ({
      /** A fully connected net. */
      readonly kind: "mlp";
    } & Omit<MlpOptions, "inputs" | "classes" | "seed">)
  | ({
      /** A net of convolutions. */
      readonly kind: "convNet";
    } & Omit<ConvNetOptions, "inputShape" | "classes" | "seed">)
  | ({
      /** A residual net, or its plain twin. */
      readonly kind: "resNet";
    } & Omit<ResNetOptions, "inputShape" | "classes" | "seed">);

/** What a model is made for. */
export interface ModelUse {
  /** Shape of one example, channels last. */
  readonly shape: readonly number[];
  /** Number of classes K. */
  readonly classes: number;
  /** Decides the first weights. */
  readonly seed: number;
}

/**
 * The net that a specification names, for examples of one shape: logits `[N, K]` out. The caller disposes it.
 * @throws RangeError if the kind is unknown, or an option is not valid
 */
export function makeModel({ kind, ...options }: ModelSpec, { shape, classes, seed }: ModelUse): tf.LayersModel {
  if (kind === "mlp") {
    const inputs = shape.reduce((product, size) => product * size, 1);
    return mlp({ ...(options as MlpOptions), inputs, classes, seed });
  }
  const use = { inputShape: shape, classes, seed };
  if (kind === "convNet") return convNet({ ...(options as ConvNetOptions), ...use });
  if (kind === "resNet") return resNet({ ...(options as ResNetOptions), ...use });
  throw new RangeError(`model.kind: expected "mlp", "convNet" or "resNet", got ${JSON.stringify(kind)}`);
}
