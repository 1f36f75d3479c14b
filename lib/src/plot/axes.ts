import { log10 } from "../math/special";
import type { Axis } from "./figure";
import { escapeText } from "./labels";
import { axis } from "./theme";

/** Lowest and highest of `values` that an axis can show, or undefined if it can show none. */
export function extent(values: Iterable<number | null>, log: boolean): readonly [number, number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : undefined;
}

/**
 * An axis that shows `values` with a little room on both sides; a log axis says so, and has its ticks at powers of ten
 * (at 1, 2 and 5 times them where it spans less than two).
 * @param pad - room on each side as a share of the whole
 */
export function axisFor(title: string, values: Iterable<number | null>, log: boolean, pad = 0.04): Axis {
  const ends = extent(values, log) ?? [log ? 0.1 : 0, 1];
  const [low, high] = log ? [log10(ends[0]), log10(ends[1])] : ends;
  const least = log ? 0.3 : Math.abs(high) * 1e-3 || 1;
  const room = Math.max((high - low) * pad, (least - (high - low)) / 2, 0);
  const range = [short(low - room), short(high + room)] as const;
  const plain = { ...axis(log ? `${title} (log scale)` : title), range };
  return log ? { ...plain, type: "log", ...ticksAt(logTicks(range)) } : plain;
}

/** An axis of layers: whole numbers, the first and the last among the ticks, and none close to these. */
export function layerAxis(title: string, layers: number): Axis {
  const step = [1, 2, 5, 10, 20, 50, 100].find((candidate) => layers / candidate <= 12) ?? 200;
  const inner = Array.from({ length: Math.floor(layers / step) }, (_, index) => (index + 1) * step);
  const tickvals = [1, ...inner.filter((layer) => layer > 1 + step / 2 && layer < layers - step / 2), layers];
  const room = Math.max(0.3, 0.02 * layers);
  return {
    ...axis(title),
    range: [short(1 - room), short(layers + room)],
    ...ticksAt([...new Set(tickvals)]),
  };
}

/** An axis along cells, without grid or line, with a name at each of the given places. */
export function cellAxis(title: string, tickvals: readonly number[], names: readonly string[]): Axis {
  const { title: named, automargin, zeroline } = axis(title);
  const ticktext = names.map(escapeText);
  return {
    title: named,
    automargin,
    zeroline,
    showgrid: false,
    showline: false,
    ticks: "",
    tickvals,
    ticktext,
    constrain: "domain",
  };
}

/** Where `value` lies on an axis, in the axis's own units: powers of ten on a log axis. */
export function position(value: number, log: boolean): number {
  return log ? log10(value) : value;
}

/** Ticks at these values, written out (Plotly would write powers of ten a quarter larger than everything else). */
export function ticksAt(values: readonly number[]): Pick<Axis, "tickvals" | "ticktext"> {
  const wide = values.some((value) => value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5));
  return { tickvals: values, ticktext: values.map((value) => (wide ? powerText(value) : String(value))) };
}

function logTicks([low, high]: readonly [number, number]): number[] {
  const step = Math.ceil((high - low) / 8);
  const from = Math.ceil(low / step) * step;
  if (high - low >= 2) {
    return Array.from({ length: Math.floor((high - from) / step) + 1 }, (_, index) => tenTo(from + index * step));
  }
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  const all = decades.flatMap((power) => [1, 2, 5].map((factor) => Number(`${String(factor)}e${String(power)}`)));
  return all.filter((value) => log10(value) >= low && log10(value) <= high);
}

function powerText(value: number): string {
  if (value === 1 || value === 10) return String(value);
  const [factor, power] = value.toExponential().split("e");
  const digits = Array.from(power.replace(/^[+-]/, ""), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit))).join("");
  const ten = `10${power.startsWith("-") ? "⁻" : ""}${digits}`;
  return factor === "1" ? ten : `${factor} × ${ten}`;
}

function tenTo(power: number): number {
  return Number(`1e${String(power)}`);
}

function short(value: number): number {
  return Number(value.toPrecision(5));
}
