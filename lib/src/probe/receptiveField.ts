import type { tf } from "@deepen/engine";

/** Which part of the input one position of a layer sees, along one spatial axis. */
export interface Field {
  /** Length of the part, in input positions. */
  readonly size: number;
  /** Steps in the input from one position of the layer to the next. */
  readonly stride: number;
  /** Where the part of position 0 begins; negative where it reaches into the padding. */
  readonly start: number;
}

/**
 * The receptive field of a layer, by spatial axis: from kernel sizes, strides and paddings of the layers before it
 * (dilation 1); where paths meet, the field that holds all of theirs.
 *
 * @param output - output of the layer, `[N, length, channels]` or `[N, height, width, channels]`
 * @throws RangeError if a layer on the way mixes all positions or is not known
 */
export function receptiveField(output: tf.SymbolicTensor): Field[] {
  const layer = output.sourceLayer;
  const axes = output.shape.length - 2;
  if (layer.getClassName() === "InputLayer")
    return Array.from({ length: axes }, () => ({ size: 1, stride: 1, start: 0 }));
  const inputs = output.inputs;
  if (inputs.some(({ shape }) => shape.length !== output.shape.length)) {
    throw new RangeError(
      `layer "${layer.name}": expected one that keeps positions apart, got a ${layer.getClassName()}`,
    );
  }
  const below = inputs.map(receptiveField);
  return Array.from({ length: axes }, (_, axis) => {
    const window = windowOf(layer, axis, inputs[0].shape[axis + 1]!, output.shape[axis + 1]!);
    const fields = below.map((field) => field[axis]);
    const { stride } = fields[0];
    const start = Math.min(...fields.map((field) => field.start));
    const size = Math.max(...fields.map((field) => field.start + field.size)) - start;
    return {
      size: size + (window.size - 1) * stride,
      stride: stride * window.stride,
      start: start - window.before * stride,
    };
  });
}

interface Window {
  readonly size: number;
  readonly stride: number;
  /** Padding before the first position. */
  readonly before: number;
}

const pointwise = new Set([
  "Activation",
  "ReLU",
  "LeakyReLU",
  "ELU",
  "PReLU",
  "Add",
  "Concatenate",
  "BatchNormalization",
  "LayerNormalization",
  "Dropout",
]);
const convolutions = new Set(["Conv1D", "Conv2D", "DepthwiseConv2D", "SeparableConv2D"]);
const poolings = new Set(["MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"]);

function windowOf(layer: tf.layers.Layer, axis: number, length: number, outputs: number): Window {
  const kind = layer.getClassName();
  if (pointwise.has(kind)) return { size: 1, stride: 1, before: 0 };
  if (!convolutions.has(kind) && !poolings.has(kind)) {
    throw new RangeError(`layer "${layer.name}": the receptive field through a ${kind} is not known`);
  }
  const config = layer.getConfig();
  const size = along(config[convolutions.has(kind) ? "kernelSize" : "poolSize"], axis);
  const stride = along(config["strides"], axis);
  const padding = config["padding"] === "same" ? Math.max((outputs - 1) * stride + size - length, 0) : 0;
  return { size, stride, before: Math.floor(padding / 2) };
}

function along(setting: unknown, axis: number): number {
  return Array.isArray(setting) ? (setting as number[])[axis] : (setting as number);
}
