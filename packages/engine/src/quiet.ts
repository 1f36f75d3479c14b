import { tf } from "./tf";

/**
 * Silences the banner that tfjs's cpu backend prints at its first use in Node, for every instance of that backend.
 *
 * tfjs's own switches would hide real warnings as well (PROD) or make fused operations throw (IS_TEST).
 */
export function silenceBanner(): void {
  const cpu = tf.findBackend("cpu") as (tf.KernelBackend & { firstUse?: boolean }) | null;
  if (cpu === null || cpu.firstUse === undefined) return;
  cpu.firstUse = false;
  // The constructor assigns `firstUse = true`, which this accessor swallows for instances made later.
  Object.defineProperty(Object.getPrototypeOf(cpu), "firstUse", {
    configurable: true,
    get: () => false,
    set: () => undefined,
  });
}
