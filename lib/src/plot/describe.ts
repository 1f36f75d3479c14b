import { log10 } from "../math/special";
import { numberWords } from "../math/words";
import type { Drawn } from "./series";

/** What the automatic description of a figure is made from. */
export interface Described {
  readonly x: string;
  readonly y: string;
  /** Whether y is logarithmic. */
  readonly logY: boolean;
  readonly lines: readonly { readonly name: string; readonly drawn: Drawn }[];
}

/** One or two sentences for whoever cannot see the figure: what against what, how many seeds, where each line begins, turns and ends. */
export function describe({ x, y, logY, lines }: Described): string {
  const all = lines.flatMap(({ drawn }) => drawn.x);
  const span = `${numberWords(Math.min(...all))} to ${numberWords(Math.max(...all))}`;
  const brief = lines.length > 2;
  const shown = lines.length <= 8 ? lines : [lines[0], lines[lines.length - 1]];
  const ends = shown.map(({ name, drawn }) => `${name === "" ? "the line" : name} ${pathWords(drawn, logY, brief)}`);
  return `${capital(y)} against ${x} (${span})${bandWords(lines, logY)}: ${ends.join("; ")}.`;
}

/** What a figure could not draw, and of which lines; undefined if it drew all. */
export function gapsNote(lines: Described["lines"]): string | undefined {
  const whose = (name: string): string => (lines.length > 1 ? ` in ${name}` : "");
  const zeros = lines.flatMap(({ name, drawn: { notPositive } }) =>
    notPositive > 0 ? [`${counted(notPositive, "value")} ≤ 0${whose(name)}`] : [],
  );
  const odd = lines.flatMap(({ name, drawn: { notFinite } }) =>
    notFinite > 0 ? [`${String(notFinite)}${whose(name)}`] : [],
  );
  const parts = [
    ...(zeros.length > 0 ? [`not on a log axis: ${zeros.join(", ")}`] : []),
    ...(odd.length > 0 ? [`not finite: ${odd.join(", ")}`] : []),
  ];
  return parts.length === 0 ? undefined : `Gaps: ${parts.join("; ")}.`;
}

/** The text with a capital first letter. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function bandWords(lines: Described["lines"], logY: boolean): string {
  const seeds = lines.map(({ drawn }) => drawn.seeds.length).filter((count) => count > 1);
  if (seeds.length === 0) return "";
  const [fewest, most] = [Math.min(...seeds), Math.max(...seeds)];
  const number = fewest === most ? String(most) : `${String(fewest)} to ${String(most)}`;
  return `, ${logY ? "geometric mean" : "mean"} of ${number} seeds with a 95 % band`;
}

function pathWords({ x, centre }: Drawn, logY: boolean, brief: boolean): string {
  const points = centre.flatMap((value, place) => (value === null ? [] : [{ value, at: x[place] }]));
  if (points.length === 0) return brief ? "none" : "has nothing to draw";
  const [first, last] = [points[0].value, points[points.length - 1].value];
  const verb = last > first ? "rises" : last < first ? "falls" : "stays";
  const ends = `${numberWords(first)} ${brief ? "→" : "to"} ${numberWords(last)}`;
  return `${brief ? "" : `${verb} from `}${ends}${turnWords(points, logY)}`;
}

/** Where a line is higher or lower than at both its ends, by at least a tenth of its range: less is hardly seen. */
function turnWords(points: readonly { readonly value: number; readonly at: number }[], logY: boolean): string {
  const height = ({ value }: { readonly value: number }): number => (logY ? log10(value) : value);
  const highest = points.reduce((most, point) => (point.value > most.value ? point : most));
  const lowest = points.reduce((least, point) => (point.value < least.value ? point : least));
  const ends = [height(points[0]), height(points[points.length - 1])];
  const seen = (height(highest) - height(lowest)) / 10;
  const turns = [
    ...(height(highest) - Math.max(...ends) > seen ? [{ word: "highest", ...highest }] : []),
    ...(Math.min(...ends) - height(lowest) > seen ? [{ word: "lowest", ...lowest }] : []),
  ].map(({ word, value, at }) => `${word} ${numberWords(value)} at ${numberWords(at)}`);
  return turns.length === 0 ? "" : ` (${turns.join(", ")})`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
