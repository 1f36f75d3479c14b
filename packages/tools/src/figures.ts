import { createHash } from "node:crypto";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { isCode } from "./notebook";
import type { LiveOutput } from "./outputs";
import { stableJson } from "./serialize";

/** MIME type of a Plotly figure. */
export const plotlyType = "application/vnd.plotly.v1+json";

/** What a kernel sends under `plotlyType`. */
export interface PlotlyFigure {
  readonly data: readonly unknown[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** A figure drawn: what its output gains at build. */
export interface Picture {
  /** Base64. */
  readonly png: string;
  readonly metadata: PictureMetadata;
}

/** What an output's metadata say of its PNG. */
export interface PictureMetadata {
  /** The figure's description: its text/plain. */
  readonly alt: string;
  /** In CSS pixels; the PNG has twice as many. */
  readonly width: number;
  readonly height: number;
  /** `figureKey` of what was drawn. */
  readonly key: string;
}

/** Pictures by key. */
export type Pictures = ReadonlyMap<string, Picture>;

/** Draws a figure: base64 of its PNG at twice `width` × `height`. */
export type Painter = (figure: PlotlyFigure, width: number, height: number) => Promise<string>;

const defaultSize = { width: 760, height: 440 };

/** Hash (hexadecimal) of a figure and of the Plotly that draws it: equal keys have equal pictures. */
export function figureKey({ data, layout }: PlotlyFigure, plotlyVersion: string): string {
  return createHash("sha256").update(stableJson({ data, layout, plotlyVersion })).digest("hex").slice(0, 32);
}

/** The pictures that a built notebook holds. */
export function picturesIn(notebook: INotebookContent): Pictures {
  const pictures = new Map<string, Picture>();
  for (const output of notebook.cells.filter(isCode).flatMap((cell) => cell.outputs as LiveOutput[])) {
    const png = (output.data as Record<string, unknown> | undefined)?.["image/png"];
    const metadata = (output.metadata as Record<string, unknown> | undefined)?.["image/png"] as
      Partial<PictureMetadata> | undefined;
    if (typeof png === "string" && typeof metadata?.key === "string") {
      pictures.set(metadata.key, { png, metadata: metadata as PictureMetadata });
    }
  }
  return pictures;
}

/** What `withPicture` did with an output. */
export type Drawn = "no figure" | "kept" | "drawn" | "left out";

/**
 * An output with its figure's PNG: taken from `known` if the figure is the same as there, else painted; left out if it would
 * have to be painted and there is no painter.
 */
export async function withPicture(
  output: LiveOutput,
  known: Pictures,
  plotlyVersion: string,
  painter: Painter | undefined,
): Promise<{ output: LiveOutput; drawn: Drawn }> {
  const data = output.data as Record<string, unknown> | undefined;
  const figure = data?.[plotlyType] as PlotlyFigure | undefined;
  if (data === undefined || figure === undefined) return { output, drawn: "no figure" };
  const metadata = pictureMetadata(figure, data["text/plain"], plotlyVersion);
  const kept = known.get(metadata.key)?.png;
  const png = kept ?? (await painter?.(figure, metadata.width, metadata.height));
  if (png === undefined) return { output, drawn: "left out" };
  return {
    output: {
      ...output,
      data: { ...data, "image/png": png },
      metadata: { ...(output.metadata as object), "image/png": { ...metadata } },
    },
    drawn: kept === undefined ? "drawn" : "kept",
  };
}

function pictureMetadata(figure: PlotlyFigure, description: unknown, plotlyVersion: string): PictureMetadata {
  const { width, height } = figure.layout;
  return {
    alt: typeof description === "string" ? description : "",
    width: typeof width === "number" ? width : defaultSize.width,
    height: typeof height === "number" ? height : defaultSize.height,
    key: figureKey(figure, plotlyVersion),
  };
}
