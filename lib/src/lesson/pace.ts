/** Says when the next update of something on the screen is due. */
export interface Pacer {
  /** True at most ten times a second, the first time at once. */
  due(): boolean;
}

const interval = 100;

/**
 * Ten updates a second are enough for the eye, and do not flood the connection. The clock decides only how often an
 * output is redrawn, never what it shows at the end.
 */
export function pacer(): Pacer {
  let last = -Infinity;
  return {
    due() {
      const now = performance.now();
      if (now - last < interval) return false;
      last = now;
      return true;
    },
  };
}
