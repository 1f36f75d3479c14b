import { host } from "../host";
import { pacer } from "./pace";
import { counted } from "./words";

/** A progress line that is on the screen. */
export interface Progress {
  /** One step (or `by` steps) further. */
  advance(by?: number, note?: string): void;
}

let shown = 0;

/**
 * Shows a progress line and moves it in place; its last state stays ("5 of 5 runs").
 *
 * @param label - what is going on, e.g. "training 5 nets"
 * @param max - number of steps
 * @param noun - what a step is, in the singular; "step" unless given
 */
export function progress(label: string, max: number, noun = "step"): Progress {
  const displayId = `deepen-progress-${String(++shown)}`;
  const pace = pacer();
  let value = 0;
  const draw = (note: string, update: boolean): void => {
    const text = `${label}: ${String(value)} of ${counted(max, noun)}${note === "" ? "" : `, ${note}`}`;
    const state = { label, value, max, note: note === "" ? `${String(value)} of ${counted(max, noun)}` : note };
    host().display({ "application/vnd.deepen.progress+json": state, "text/plain": text }, { displayId, update });
  };
  draw("", false);
  return {
    advance(by = 1, note = "") {
      value = Math.min(max, value + by);
      if (value === max || pace.due()) draw(note, true);
    },
  };
}
