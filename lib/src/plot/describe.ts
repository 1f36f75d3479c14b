import { numberWords } from "../math/words";
import type { Drawn } from "./series";

/** What the automatic description of a figure is made from. */
export interface Described {
  readonly x: string;
  readonly y: string;
  readonly lines: readonly { readonly name: string; readonly drawn: Drawn }[];
}

/** One or two sentences for whoever cannot see the figure: what against what, how many seeds, where each line begins and ends. */
export function describe({ x, y, lines }: Described): string {
  const all = lines.flatMap(({ drawn }) => drawn.x);
  const span = `${numberWords(Math.min(...all))} to ${numberWords(Math.max(...all))}`;
  const seeds = Math.max(1, ...lines.map(({ drawn }) => drawn.seeds.length));
  const band = seeds > 1 ? `, mean of ${String(seeds)} seeds with a 95 % band` : "";
  const brief = lines.length > 2;
  const shown = lines.length <= 8 ? lines : [lines[0], lines[lines.length - 1]];
  const ends = shown.map(({ name, drawn }) => `${name === "" ? "the line" : name} ${pathWords(drawn, brief)}`);
  return `${capital(y)} against ${x} (${span})${band}: ${ends.join("; ")}.`;
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

function pathWords({ centre }: Drawn, brief: boolean): string {
  const points = centre.filter((value) => value !== null);
  if (points.length === 0) return brief ? "none" : "has nothing to draw";
  const [first, last] = [points[0], points[points.length - 1]];
  if (brief) return `${numberWords(first)} → ${numberWords(last)}`;
  const verb = last > first ? "rises" : last < first ? "falls" : "stays";
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const turns = low < Math.min(first, last) || high > Math.max(first, last);
  const range = turns ? `, between ${numberWords(low)} and ${numberWords(high)}` : "";
  return `${verb} from ${numberWords(first)} to ${numberWords(last)}${range}`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
