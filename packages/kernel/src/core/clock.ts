// Taken before cells get timers that end with them: the kernel's own must not.

/** Calls back once, after some milliseconds. */
export const startTimer = globalThis.setTimeout;

/** Forgets a timer. */
export const stopTimer = globalThis.clearTimeout;
