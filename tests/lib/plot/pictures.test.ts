import type { HeatTrace, PackedCells } from "../../../lib/src/plot/figure";
import { heatMap, type HeatMapOptions } from "../../../lib/src/plot/heatMap";
import { imageGrid } from "../../../lib/src/plot/imageGrid";
import { smallMultiples } from "../../../lib/src/plot/smallMultiples";
import { dark } from "../../../lib/src/plot/theme";

const options: HeatMapOptions = { title: "Which layers are alike?", x: "second net", y: "first net", value: "CKA" };
const matrix = [
  [0.9, 0.1, 0],
  [0.2, 0.8, 0.1],
  [0, 0.9, 0.7],
];

describe("heatMap", () => {
  test("draws rows from the top in square cells with their values, and says where the greatest stand", () => {
    const { data, layout, description } = heatMap(matrix, options);
    expect(data[0]).toMatchObject({ type: "heatmap", z: matrix, zmin: 0, zmax: 0.9, texttemplate: "%{z:.2f}" });
    expect(layout.yaxis).toMatchObject({ range: [3.5, 0.5], scaleanchor: "x", title: { text: "first net" } });
    expect(description).toContain("on the diagonal in 2 of 3 rows");
    expect(description).toContain("from 0 to 0.9");
  });

  test("puts white at zero where values have signs, and writes no values into many cells", () => {
    const wide = heatMap([Array.from({ length: 13 }, (_, index) => index - 3)], { ...options, signed: true });
    const [trace] = wide.data as readonly HeatTrace[];
    expect([trace.zmin, trace.zmax, trace.texttemplate]).toEqual([-9, 9, undefined]);
    expect(trace.colorscale[4]).toEqual([0.5, "rgb(255,255,255)"]);
  });

  test("keeps its colours in the dark theme, where paper and ink change", () => {
    const light = heatMap(matrix, options);
    const night = dark(light);
    expect(night.data).toEqual(light.data);
    expect(night.layout.paper_bgcolor).not.toBe(light.layout.paper_bgcolor);
  });

  test("names rows of different length, too few names and an empty matrix", () => {
    expect(() => heatMap([[1, 2], [3]], options)).toThrow("matrix: row 1 has 1 values, the first 2");
    expect(() => heatMap([[1, 2]], { ...options, columns: ["a"] })).toThrow('"second net": expected 2 names, got 1');
    expect(() => heatMap([], options)).toThrow("matrix: expected at least one row and one column, got none");
    expect(() => heatMap([[NaN]], options)).toThrow("holds NaN");
  });

  test("stands beside others as a panel, with square cells", () => {
    const both = smallMultiples([heatMap(matrix, options), heatMap(matrix, options)], { title: "Which?" });
    expect(both.data.map(({ xaxis, yaxis }) => [xaxis, yaxis])).toEqual([
      ["x", "y"],
      ["x2", "y2"],
    ]);
    expect([both.layout.yaxis!.scaleanchor, both.layout.yaxis2!.scaleanchor]).toEqual(["x", "x2"]);
  });
});

describe("imageGrid", () => {
  const rows = [
    { name: "large", shape: [4, 4], images: [Array.from({ length: 16 }, (_, index) => index), new Float32Array(16)] },
    { name: "small", shape: [2, 2, 1], images: [[-1, 0, 0, 3]] },
  ];
  const cells = (signed: boolean): number[][] => {
    const { x, y, z } = imageGrid(rows, { title: "What do they like?", x: "channel", y: "layer", signed })
      .data[0] as HeatTrace;
    const bytes = [...Buffer.from((z as PackedCells).bdata, "base64")];
    expect(bytes).toHaveLength(x.length * y.length);
    return y.map((_, row) => bytes.slice(row * x.length, (row + 1) * x.length));
  };

  test("stretches every picture to its own range, enlarges small ones, leaves blanks where there is none", () => {
    const z = cells(false);
    expect(z[0].slice(0, 4)).toEqual([0, 7, 13, 20]);
    expect(z[0].slice(5, 9)).toEqual([0, 0, 0, 0]); // a picture without contrast
    expect(z[5].slice(0, 5)).toEqual([0, 0, 25, 25, 0]);
    expect(z[8].slice(0, 4)).toEqual([25, 25, 100, 100]);
    expect(z[5][5]).toBe(0);
  });

  test("keeps zero at white, the middle of its range, where signs count", () => {
    expect(cells(true)[5].slice(0, 6)).toEqual([67, 67, 100, 100, 100, 100]);
  });

  test("names its rows and columns, and pictures of another size", () => {
    const drawn = imageGrid(rows, { title: "What?", x: "channel", y: "layer", columns: ["a", "b"] });
    expect(drawn.layout.xaxis).toMatchObject({ ticktext: ["a", "b"], title: { text: "channel" } });
    expect(drawn.layout.yaxis).toMatchObject({ ticktext: ["large", "small"] });
    expect(drawn.description).toContain("large, small");
    expect(() => imageGrid([{ ...rows[0], shape: [3, 3] }], { title: "What?", x: "x", y: "y" })).toThrow(
      '"large": expected pictures of 3 x 3, got 16 numbers',
    );
  });
});
