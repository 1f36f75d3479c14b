import { layerAxis } from "./axes";
import { curves, type CurvesOptions } from "./curves";
import { capital } from "./describe";
import type { Figure } from "./figure";
import type { Series } from "./series";

/** How a profile over the layers of a net is drawn. */
export interface DepthProfileOptions extends Pick<CurvesOptions, "references" | "finding"> {
  /** What was measured in each layer, with its unit, e.g. "gradient norm". */
  readonly y: string;
  /** True draws y on a log axis. */
  readonly log?: boolean;
  /** A plain sentence; "Gradient norm by layer, 30 layers, 5 seeds" unless given. */
  readonly title?: string;
}

/** A condition: one list per seed, each with one value per layer, first to last. */
export type DepthSeries = Omit<Series, "x">;

/**
 * One number per layer, from the first to the output layer, with a band over seeds.
 *
 * @param profiles - one list per seed of a single condition, or several named conditions
 * @throws RangeError if there is nothing to draw, or if runs of one condition differ in their number of layers
 */
export function depthProfile(
  profiles: readonly ArrayLike<number>[] | readonly DepthSeries[],
  options: DepthProfileOptions,
): Figure {
  const series = isSeries(profiles) ? profiles : [{ name: "", runs: profiles }];
  const depths = series.map(({ runs }) => runs[0]?.length ?? 0);
  const seeds = series.map(({ runs }) => runs.length);
  const deepest = Math.max(...depths);
  const equal = Math.min(...depths) === deepest;
  const { y, log = false } = options;
  return curves(series, {
    ...options,
    title: options.title ?? `${capital(y)} by layer, ${span(depths)} layers, ${span(seeds)} seeds`,
    x: "layer",
    logY: log,
    xAxis: layerAxis(equal ? `layer (1 = first, ${String(deepest)} = output)` : "layer (1 = first)", deepest),
  });
}

function isSeries(profiles: readonly ArrayLike<number>[] | readonly DepthSeries[]): profiles is readonly DepthSeries[] {
  return profiles.length > 0 && "runs" in profiles[0];
}

function span(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? String(low) : `${String(low)} to ${String(high)}`;
}
