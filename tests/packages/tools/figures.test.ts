import type { INotebookContent } from "@jupyterlab/nbformat";
import {
  figureKey,
  type PictureMetadata,
  picturesIn,
  plotlyType,
  withPicture,
} from "../../../packages/tools/src/figures";

const figure = { data: [{ x: [1, 2], y: [3, 4] }], layout: { height: 300 } };
const output = (drawing: object = figure) => ({
  output_type: "display_data",
  data: { [plotlyType]: { ...drawing, config: {} }, "text/plain": "A line." },
  metadata: { other: true },
});

describe("figureKey", () => {
  test("is the same for the same figure, whatever the order of its keys", () => {
    expect(figureKey({ layout: { height: 300 }, data: [{ y: [3, 4], x: [1, 2] }] }, "4.1.2")).toBe(
      figureKey(figure, "4.1.2"),
    );
  });

  test("differs for another number, another layout and another Plotly", () => {
    const keys = [
      figureKey(figure, "4.1.2"),
      figureKey({ ...figure, data: [{ x: [1, 2], y: [3, 5] }] }, "4.1.2"),
      figureKey({ ...figure, layout: { height: 301 } }, "4.1.2"),
      figureKey(figure, "4.1.3"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("withPicture", () => {
  const painter = () =>
    jest.fn((_figure: unknown, width: number, height: number) => Promise.resolve(`${String(width)}x${String(height)}`));

  test("paints a new figure and describes the picture", async () => {
    const paint = painter();
    const { output: pictured, drawn } = await withPicture(output(), new Map(), "4.1.2", paint);
    expect(drawn).toBe("drawn");
    expect(pictured.data).toHaveProperty(["image/png"], "760x300");
    expect(pictured.metadata).toEqual({
      other: true,
      "image/png": { alt: "A line.", width: 760, height: 300, key: figureKey(figure, "4.1.2") },
    });
  });

  test("keeps the picture of a figure that has not changed, with or without a painter", async () => {
    const key = figureKey(figure, "4.1.2");
    const metadata: PictureMetadata = { alt: "", width: 760, height: 300, key };
    const known = picturesIn({
      cells: [
        {
          cell_type: "code",
          outputs: [
            { ...output(), data: { ...output().data, "image/png": "KEPT" }, metadata: { "image/png": metadata } },
          ],
        },
      ],
    } as unknown as INotebookContent);
    const paint = painter();
    for (const each of [paint, undefined]) {
      const { output: pictured, drawn } = await withPicture(output(), known, "4.1.2", each);
      expect(drawn).toBe("kept");
      expect(pictured.data).toHaveProperty(["image/png"], "KEPT");
    }
    expect(paint).not.toHaveBeenCalled();
  });

  test("leaves a changed figure without picture and without its metadata where nothing can paint", async () => {
    const { output: pictured, drawn } = await withPicture(output(), new Map(), "4.1.2", undefined);
    expect(drawn).toBe("left out");
    expect(pictured).toEqual(output());
  });

  test("lets other outputs be", async () => {
    const other = { output_type: "stream", name: "stdout", text: "x" };
    expect(await withPicture(other, new Map(), "4.1.2", painter())).toEqual({ output: other, drawn: "no figure" });
  });
});
