import { resetCaptures } from "./capture/capture";
import { endFits, watchFits } from "./fits";
import { tfEngine } from "./internals";
import { disposeTensorsSince, watchTensors } from "./liveTensors";
import { forgetOptimizers, repairOptimizers, watchOptimizers } from "./optimizers";
import { restoreStacks } from "./sideModule";
import { doubtStart } from "./start";

/** How a cell ended; `killed` means stopped by V8's terminateExecution, after which no `catch` or `finally` ran. */
export type Outcome = "completed" | "failed" | "killed";

/** What a notebook kernel offers to the code in its cells, as far as the engine uses it. */
interface KernelHost {
  guard(begin: () => (outcome: Outcome) => void): void;
}

const registered = new WeakSet<KernelHost>();

/** Starts watching what a guard needs to know; called when the engine is loaded. */
export function watch(): void {
  watchTensors();
  watchOptimizers();
  watchFits();
}

/**
 * To be called before a cell runs; the function it returns is called when the cell has ended.
 *
 * After a killed cell tfjs is as before it: open `tf.tidy` scopes, gradient tapes and profiles are closed, tensors and
 * variables made in the cell are disposed, optimizers from before lose what they began in it, a `fit` that was cut off
 * no longer blocks the next one. Variables from before keep the last value that was assigned to them. After a completed
 * or failed cell nothing is touched: tfjs has closed its own scopes.
 */
export function guard(): (outcome: Outcome) => void {
  const engine = tfEngine();
  const { state } = engine;
  const first = engine.nextTensorId();
  const scopes = state.scopeStack.map((scope) => ({ scope, tracked: scope.track.length }));
  const { activeScope, activeTape, gradientDepth, kernelDepth, profiling } = state;
  const dataMoves = state.numDataMovesStack.length;
  forgetOptimizers();
  return (outcome) => {
    if (outcome !== "killed" || engine.state !== state) return;
    Object.assign(state, { activeScope, activeTape, gradientDepth, kernelDepth, profiling });
    state.scopeStack.splice(0, Infinity, ...scopes.map(({ scope }) => scope));
    for (const { scope, tracked } of scopes) scope.track.length = tracked;
    state.numDataMovesStack.length = dataMoves;
    doubtStart();
    restoreStacks();
    resetCaptures();
    disposeTensorsSince(first);
    repairOptimizers();
    endFits();
  };
}

/** Registers `guard` with the notebook kernel that the code runs in, if it runs in one; once. */
export function registerGuard(): void {
  const host = (globalThis as Record<symbol, KernelHost | undefined>)[Symbol.for("deepen.kernel")];
  if (host === undefined || registered.has(host)) return;
  registered.add(host);
  host.guard(guard);
}
