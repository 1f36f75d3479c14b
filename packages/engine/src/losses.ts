import { run } from "./kernels/layerActivation";
import { tf } from "./tf";

type SoftmaxCrossEntropy = typeof tf.losses.softmaxCrossEntropy;

/** A loss of tfjs's layers: of targets and outputs `[..., K]`, a number a row. */
type LayersLoss = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** A model, with what tfjs's types keep private: the losses of its outputs. */
interface Compiled {
  lossFunctions: LayersLoss[];
  compile(args: tf.ModelCompileArgs): void;
}

let replaced = false;

/**
 * Gives `tf.losses.softmaxCrossEntropy`, and the models of tfjs whose loss is "categoricalCrossentropy", one kernel on the
 * wasm backend. Other backends and other types than float32 take tfjs's own operations.
 */
export function replaceLosses(): void {
  if (replaced) return;
  replaced = true;
  replaceSoftmaxCrossEntropy();
  replaceCategoricalCrossentropy();
}

function replaceSoftmaxCrossEntropy(): void {
  const losses = tf.losses as { softmaxCrossEntropy: SoftmaxCrossEntropy };
  const stock = losses.softmaxCrossEntropy;
  losses.softmaxCrossEntropy = ((labels, logits, weights, labelSmoothing = 0, reduction) => {
    if (labelSmoothing !== 0 || !runsHere(labels, logits)) {
      return stock(labels, logits, weights, labelSmoothing, reduction);
    }
    return tf.tidy(() => {
      const each = run("SoftmaxCrossEntropy", { labels: tf.cast(labels, "float32"), x: logits as tf.Tensor }, {});
      return tf.losses.computeWeightedLoss(each, weights, reduction);
    });
  }) as SoftmaxCrossEntropy;
}

function replaceCategoricalCrossentropy(): void {
  const prototype = tf.LayersModel.prototype as unknown as Compiled;
  const { compile } = prototype;
  let stock: LayersLoss | undefined;
  const ours: LayersLoss = (target, output) => {
    if (!runsHere(target, output)) return stock!(target, output);
    const epsilon = tf.backend().epsilon();
    return tf.tidy(() => run("CategoricalCrossentropy", { labels: target.cast("float32"), x: output }, { epsilon }));
  };
  // What compile keeps beside this list (metrics, checks of targets) goes on comparing with tfjs's own loss.
  prototype.compile = function (args) {
    compile.call(this, args);
    stock ??= stockLoss(compile);
    this.lossFunctions = this.lossFunctions.map((loss) => (loss === stock ? ours : loss));
  };
}

/** tfjs's function of the name "categoricalCrossentropy", which only a compiled model shows. */
function stockLoss(compile: Compiled["compile"]): LayersLoss {
  const input = tf.input({ shape: [1], name: "probe" });
  const model = tf.model({ inputs: input, outputs: input, name: "probe" }) as unknown as Compiled;
  const optimizer = tf.train.sgd(1);
  compile.call(model, { optimizer, loss: "categoricalCrossentropy" });
  optimizer.dispose();
  return model.lossFunctions[0];
}

function runsHere(labels: unknown, x: unknown): boolean {
  if (!(labels instanceof tf.Tensor && x instanceof tf.Tensor)) return false;
  const fits = x.rank > 0 && x.size > 0 && tf.util.arraysEqual(labels.shape, x.shape);
  return tf.getBackend() === "wasm" && x.dtype === "float32" && fits;
}
