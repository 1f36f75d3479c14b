import type { HeatTrace, Trace } from "./figure";

/**
 * The trace, in the legend if it is the first of its name that draws a line or marks (theory is one name, each reference
 * another).
 * @param named - names that stand in the legend; the trace's is added
 */
export function legendOnce(trace: Trace, named: Set<string>): Trace;
export function legendOnce(trace: Trace | HeatTrace, named: Set<string>): Trace | HeatTrace;
export function legendOnce(trace: Trace | HeatTrace, named: Set<string>): Trace | HeatTrace {
  if (trace.type === "heatmap") return { ...trace, showscale: false };
  const draws = trace.showlegend === true || trace.hovertemplate !== undefined || trace.line?.dash !== undefined;
  const showlegend = draws && trace.name !== "" && !named.has(trace.name);
  if (showlegend) named.add(trace.name);
  return { ...trace, showlegend };
}
