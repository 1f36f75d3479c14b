import { tf } from "../tf";
import { capture, turnCaptureOff } from "./capture";

/**
 * Captures a small training step and compares it with ordinary ones; if tfjs's internals are not as this package expects
 * them, capturing is turned off, with the reason, and everything runs as always. Leaves no tensor behind.
 */
export function testCapture(): void {
  try {
    const [captured, ordinary] = [train(true), train(false)];
    if (captured.state !== "captured") turnCaptureOff(`a trial was not captured: ${captured.state}`);
    else if (captured.values !== ordinary.values) turnCaptureOff("a trial gave other values than ordinary steps");
  } catch (error) {
    turnCaptureOff(`a trial failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Five steps on a softmax of three numbers: all losses and the weights, and how the steps stood in the end. */
function train(captured: boolean): { readonly values: string; readonly state: string } {
  const weights = tf.variable(tf.tensor1d([0.5, -1, 2]));
  const optimizer = tf.train.momentum(0.1, 0.9);
  const ordinary = (x: tf.Tensor): tf.Scalar =>
    optimizer.minimize(() => x.mul(weights).softmax().log().mul(x).sum(), true, [weights])!;
  const step = capture(ordinary, { optimizer });
  try {
    const values = [1, 2, 3, 4, 5].map((number) =>
      tf.tidy(() => (captured ? step : ordinary)(tf.tensor1d([number, 1, -number])).dataSync()[0]),
    );
    const [info] = step.info();
    return {
      values: [...values, ...weights.dataSync()].join(),
      state: captured ? (info?.reason ?? info?.state ?? "it was not recorded") : "ordinary",
    };
  } finally {
    step.reset();
    weights.dispose();
    disposeMomentum(optimizer);
  }
}

/** tfjs's own dispose forgets the scalar that holds the momentum. */
function disposeMomentum(optimizer: tf.MomentumOptimizer): void {
  optimizer.dispose();
  tf.dispose((optimizer as unknown as { m: tf.Scalar }).m);
}
