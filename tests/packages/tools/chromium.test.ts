import { openPainter, type PaintingBrowser } from "../../../packages/tools/src/chromium";
import { chromium, describeWith } from "../../support/tools";

/** Width and height in the header of a PNG. */
function pngSize(base64: string): [number, number] {
  const bytes = Buffer.from(base64, "base64");
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describeWith("chromium", "a painter", () => {
  let browser: PaintingBrowser;
  beforeAll(async () => {
    browser = await openPainter(chromium() ?? "");
  });
  afterAll(() => browser.close());

  test("draws a figure at twice its size", async () => {
    const figure = { data: [{ type: "scatter", x: [1, 2], y: [1, 2] }], layout: { title: { text: "A line" } } };
    expect(pngSize(await browser.paint(figure, 400, 300))).toEqual([800, 600]);
  });

  test("draws heatmaps and WebGL traces, too, each in its own way", async () => {
    const heatmap = await browser.paint({ data: [{ type: "heatmap", z: [[1, 2]] }], layout: {} }, 200, 200);
    const points = await browser.paint({ data: [{ type: "scattergl", x: [1], y: [1] }], layout: {} }, 200, 200);
    const empty = await browser.paint({ data: [], layout: {} }, 200, 200);
    expect(new Set([heatmap, points, empty]).size).toBe(3);
  });

  test("draws a figure as small as its colours allow", async () => {
    const x = Array.from({ length: 60 }, (_, index) => index);
    const data = [1, 2, 3].map((power) => ({ type: "scatter", x, y: x.map((value) => value ** power) }));
    const base64 = await browser.paint({ data, layout: { title: { text: "Powers" } } }, 760, 420);
    // Colour type 3 is a palette; of 60 kB, a chapter of 1.5 MB has room for twenty.
    expect(Buffer.from(base64, "base64").readUInt8(25)).toBe(3);
    expect(base64.length).toBeLessThan(60_000);
  });

  test("paints on white, whatever the figure's own background", async () => {
    const onWhite = await browser.paint({ data: [], layout: { paper_bgcolor: "#ffffff" } }, 200, 200);
    expect(await browser.paint({ data: [], layout: { paper_bgcolor: "#16181b" } }, 200, 200)).toBe(onWhite);
  });
});
