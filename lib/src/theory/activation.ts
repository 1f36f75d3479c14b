import { erf, exp, tanh } from "../math/special";

/** Activation functions that theory knows. */
export type ActivationName = "linear" | "relu" | "tanh" | "sigmoid" | "erf";

/** An activation function φ and its derivative φ′. */
export interface Activation {
  readonly value: (z: number) => number;
  readonly derivative: (z: number) => number;
}

/** φ(z) = 1 / (1 + e^−z), without overflow on either side. */
function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + exp(-z));
  const small = exp(z);
  return small / (1 + small);
}

/** φ and φ′ by name; `erf` is erf(√π z / 2), which has slope 1 at 0 as tanh has. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  linear: { value: (z) => z, derivative: () => 1 },
  relu: { value: (z) => Math.max(z, 0), derivative: (z) => (z > 0 ? 1 : 0) },
  tanh: { value: tanh, derivative: (z) => 1 - tanh(z) * tanh(z) },
  sigmoid: { value: sigmoid, derivative: (z) => sigmoid(z) * sigmoid(-z) },
  erf: {
    value: (z) => erf((Math.sqrt(Math.PI) / 2) * z),
    derivative: (z) => exp((-Math.PI / 4) * z * z),
  },
};
