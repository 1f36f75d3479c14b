import { createRequire } from "node:module";
import fc from "fast-check";
import { chromium as playwright } from "playwright-core";
import { tInterval } from "../../../lib/src/math/stats";
import { curves, type CurvesOptions } from "../../../lib/src/plot/curves";
import { depthProfile } from "../../../lib/src/plot/depthProfile";
import { figure, type Figure, type Trace } from "../../../lib/src/plot/figure";
import { frames } from "../../../lib/src/plot/frames";
import { heatMap } from "../../../lib/src/plot/heatMap";
import { imageGrid } from "../../../lib/src/plot/imageGrid";
import { linked } from "../../../lib/src/plot/linked";
import { smallMultiples } from "../../../lib/src/plot/smallMultiples";
import { svg } from "../../../lib/src/plot/svg";
import { dark, depthColour, palette, transparent } from "../../../lib/src/plot/theme";
import { chromium, describeWith } from "../../support/tools";

const options: CurvesOptions = { title: "Does it learn?", x: "step", y: "loss (nats)" };
const runs = [
  [1, 10, 100],
  [2, 20, 200],
  [3, 30, 300],
];
const linesOf = (drawn: Figure): Trace[] => drawn.data.filter((trace): trace is Trace => trace.type === "scatter");
const named = (drawn: Figure, name: string): Trace[] => linesOf(drawn).filter((trace) => trace.name === name);
const centre = (drawn: Figure, name: string): Trace => named(drawn, name).find(({ hovertemplate }) => hovertemplate)!;
const band = (drawn: Figure, name: string): Trace[] => named(drawn, name).filter(({ fill }) => fill === "toself");
const labels = (drawn: Figure): string[] => (drawn.layout.annotations ?? []).map(({ text }) => text);

describe("curves", () => {
  test("draw the mean over seeds 2 px wide, its 95 % interval as a band of 18 %, single seeds thin", () => {
    const drawn = curves([{ name: "net", runs, role: "plain" }], options);
    expect(centre(drawn, "net")).toMatchObject({ x: [1, 2, 3], y: [2, 20, 200], line: { color: "#d55e00", width: 2 } });
    const { low, high } = tInterval([1, 2, 3]);
    const [outline] = band(drawn, "net");
    expect(outline).toMatchObject({ x: [1, 2, 3, 3, 2, 1], fillcolor: transparent("#d55e00", 0.18) });
    expect(outline!.y[0]).toBeCloseTo(high, 3);
    expect(outline!.y[5]).toBeCloseTo(low, 3);
    const seeds = named(drawn, "net").find(({ opacity }) => opacity === 0.35)!;
    expect(seeds).toMatchObject({ line: { width: 0.6 }, x: [1, 2, 3, null, 1, 2, 3, null, 1, 2, 3, null] });
  });

  test("draw a series of points as one ring for every value, without line, band and label, also while it grows", () => {
    const points = { name: "run here", runs: runs.slice(0, 2), depth: 8, points: true };
    const lines = [2, 4, 8].map((depth) => ({ name: `depth ${String(depth)}`, runs, depth }));
    const drawn = curves([...lines, points], options);
    expect(named(drawn, "run here")).toMatchObject([
      { mode: "markers", x: [1, 2, 3, 1, 2, 3], y: [1, 10, 100, 2, 20, 200], marker: { symbol: "circle-open" } },
    ]);
    expect(named(drawn, "run here")[0]!.marker!.color).toBe(centre(drawn, "depth 8").line!.color);
    expect(labels(drawn)).toEqual(["depth 2", "depth 4", "depth 8"]);
    expect(svg(drawn).match(/<circle /g)).toHaveLength(6);
    const band = { name: "", runs: [[0], [0], [100]] };
    const reach = (one: typeof band & { points?: boolean }): number => curves([one], options).layout.yaxis!.range![1];
    expect(reach({ ...band, points: true })).toBeLessThan(reach(band));
  });

  test("break a long title into lines and give them room", () => {
    const title =
      "What is left of the gradient at each of 30 layers when nothing but the variance of the weights is changed?";
    const [long, short] = [title, "What is left?"].map((words) =>
      curves([{ name: "net", runs }], { ...options, title: words }),
    );
    expect(long!.layout.title.text.split("<br>").map((line) => line.length <= 84)).toEqual([true, true]);
    expect(long!.layout.margin.t - short!.layout.margin.t).toBe(19);
  });

  test("say in words where a line turns and how many seeds it has, and nothing of a turn that is hardly seen", () => {
    const told = (lines: Parameters<typeof curves>[0], logY = false): string =>
      curves(lines, { ...options, logY }).description;
    const line = (name: string, ...values: number[]) => ({ name, runs: [values] });
    expect(told([line("hill", 1, 9, 2), line("valley", 5, 1, 4), line("slope", 1, 2, 3)])).toMatch(
      /: hill 1 → 2 \(highest 9 at 2\); valley 5 → 4 \(lowest 1 at 2\); slope 1 → 3\.$/,
    );
    expect(told([line("dip", 10, 0.99, 1)])).toMatch(/: dip falls from 10 to 1\.$/);
    const deep = line("deep", 1000, 0.1, 1);
    expect(told([deep])).toMatch(/: deep falls from 1,?000 to 1\.$/);
    expect(told([deep], true)).toMatch(/: deep falls from 1,?000 to 1 \(lowest 0\.1(00)? at 2\)\.$/);
    const seeds = (count: number) => ({ name: "net", runs: Array.from({ length: count }, () => [1, 2, 3]) });
    expect(told([seeds(3), seeds(5)])).toContain("mean of 3 to 5 seeds");
    expect(told([seeds(5), line("one", 1, 2, 3)])).toContain("mean of 5 seeds");
  });

  test("take the geometric mean on a log axis, and the axis says that it is one", () => {
    const drawn = curves([{ name: "net", runs: [[1], [100]] }], { ...options, logY: true });
    expect(centre(drawn, "net").y).toEqual([10]);
    expect(drawn.layout.yaxis).toMatchObject({ type: "log", title: { text: "loss (nats) (log scale)" } });
  });

  test("leave a gap where a log axis cannot show a seed's value, and say how many there are", () => {
    const drawn = curves(
      [
        {
          name: "net",
          runs: [
            [1, 0, 1, 1],
            [1, 1, NaN, 1],
          ],
        },
        { name: "other", runs: [[1, 1, 1, 1]] },
      ],
      { ...options, logY: true },
    );
    expect(centre(drawn, "net").y).toEqual([1, null, null, 1]);
    const note = "Gaps: not on a log axis: 1 value ≤ 0 in net; not finite: 1 in net.";
    expect(labels(drawn)).toContain(note);
    expect(drawn.description).toContain(note);
  });

  test("draw zeros on a linear axis and note only what is not finite", () => {
    const drawn = curves([{ name: "net", runs: [[0, 1, Infinity]] }], options);
    expect(centre(drawn, "net").y).toEqual([0, 1, null]);
    expect(labels(drawn)).toContain("Gaps: not finite: 1.");
  });

  test("end the band at a gap and begin it anew behind", () => {
    const gap = [
      [1, 2, NaN, 1, 2],
      [1, 3, 1, 1, 4],
    ];
    expect(band(curves([{ name: "net", runs: gap }], options), "net").map(({ x }) => x)).toEqual([
      [1, 2, 2, 1],
      [4, 5, 5, 4],
    ]);
  });

  test("say in words where nothing could be drawn", () => {
    const drawn = curves([{ name: "dead", runs: [[0, 0]] }], { ...options, logY: true });
    expect(drawn.description).toContain("dead has nothing to draw");
    expect(labels(drawn)).toEqual(["Gaps: not on a log axis: 2 values ≤ 0."]);
  });

  test("label up to five lines at their ends, and give more a legend", () => {
    const many = Array.from({ length: 6 }, (_, index) => ({ name: `net ${String(index)}`, runs: [[1, index]] }));
    const five = curves(many.slice(0, 5), options);
    expect(labels(five).sort()).toEqual(["net 0", "net 1", "net 2", "net 3", "net 4"]);
    expect(five.layout.showlegend).toBe(false);
    const six = curves(many, options);
    expect(labels(six)).toEqual([]);
    expect(six.layout.showlegend).toBe(true);
    expect(linesOf(six).filter(({ showlegend }) => showlegend)).toHaveLength(6);
  });

  test("keep labels at least a line apart, however close the lines end", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 }), (ends) => {
        const drawn = curves(
          ends.map((end, index) => ({ name: `net ${String(index)}`, runs: [[0, end, 1, end]] })),
          options,
        );
        const [low, high] = drawn.layout.yaxis!.range!;
        const { height, margin } = drawn.layout;
        const scale = (height - margin.t - margin.b) / (high - low);
        const places = drawn.layout
          .annotations!.map(({ y, yshift }) => (y - low) * scale + yshift!)
          .sort((a, b) => a - b);
        for (const [index, place] of places.slice(1).entries()) {
          // Shifts are whole pixels: half a pixel each way is lost.
          expect(place - places[index]!).toBeGreaterThanOrEqual(16);
        }
      }),
      { seed: 3 },
    );
  });

  test("colour depths on the ordered scale and everything else by its role, once", () => {
    const depths = curves(
      [
        { name: "50", depth: 50, runs },
        { name: "2", depth: 2, runs },
      ],
      options,
    );
    expect(centre(depths, "50").line!.color).toBe(depthColour(1));
    expect(centre(depths, "2").line!.color).toBe(depthColour(0));
    const mixed = curves(
      [
        { name: "a", runs },
        { name: "b", role: "plain", runs },
        { name: "c", runs },
      ],
      options,
    );
    const colours = ["a", "b", "c"].map((name) => centre(mixed, name).line!.color);
    expect(colours[1]).toBe(palette.light.series.plain);
    expect(new Set(colours).size).toBe(3);
  });

  test("lay theory dashed and black over the measurement, references dotted and named", () => {
    const drawn = curves([{ name: "net", runs, theory: [1, 2, 3] }], {
      ...options,
      references: [{ name: "chance", y: 2.3 }],
    });
    expect(drawn.data.at(-1)).toMatchObject({ name: "theory", y: [1, 2, 3], line: { color: "#000000", dash: "dash" } });
    expect(drawn.data[0]).toMatchObject({ name: "chance", y: [2.3, 2.3], line: { dash: "dot" } });
    expect(labels(drawn).sort()).toEqual(["chance", "net", "theory"]);
  });

  test("ticks of a log axis are powers of ten, or the few values that were tried", () => {
    const tall = curves([{ name: "net", runs: [[1e-18, 1]] }], { ...options, logY: true });
    expect(tall.layout.yaxis!.ticktext).toEqual(["10⁻¹⁸", "10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"]);
    const tried = curves([{ name: "net", x: [2, 10, 50], runs: [[1, 2, 3]] }], { ...options, logX: true });
    expect(tried.layout.xaxis!.ticktext).toEqual(["2", "10", "50"]);
    const flat = curves([{ name: "net", runs: [[3, 40]] }], { ...options, logY: true });
    expect(flat.layout.yaxis!.tickvals).toEqual([5, 10, 20]);
  });

  test("hold only finite numbers and gaps, whatever a net's float32 numbers are, so that a file can hold them", () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(0, -1, NaN, Infinity, 1e-45, 3e38));
    const measured = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(measured, fc.boolean(), (lists, logY) => {
        const drawn = curves([{ name: "net", runs: lists }], { ...options, logY });
        expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
        expect(drawn.layout.yaxis!.range!.every(Number.isFinite)).toBe(true);
      }),
      { seed: 3 },
    );
  });

  test.each([
    [[], "curves: expected at least one series, got none"],
    [[{ name: "net", runs: [] }], '"net": expected one list of values per seed, got none'],
    [[{ name: "net", runs: [[1, 2], [1]] }], '"net", run 1: expected 2 values (one for each x), got 1'],
    [[{ name: "net", runs: [[1, 2]], theory: [1] }], '"net", theory: expected 2 values (one for each x), got 1'],
    [Array.from({ length: 9 }, () => ({ name: "net", runs: [[1]] })), '"net": no colour is left'],
  ])("refuse what they cannot draw, and say what they expected", (series, message) => {
    expect(() => curves(series, options)).toThrow(message);
  });
});

describe("depthProfile", () => {
  test("titles itself with layers and seeds, and names the layer axis so that depth is unambiguous", () => {
    const drawn = depthProfile(runs, { y: "gradient norm", log: true });
    expect(drawn.layout.title.text).toBe("Gradient norm by layer, 3 layers, 3 seeds");
    expect(drawn.layout.xaxis!.title.text).toBe("layer (1 = first, 3 = output)");
    expect(drawn.description).toBe(
      "Gradient norm (log scale) against layer (1 to 3), geometric mean of 3 seeds with a 95 % band: " +
        "the line rises from 1.82 to 182.",
    );
  });

  test("takes typed arrays, several conditions, and nets of different depth", () => {
    const drawn = depthProfile(
      [
        { name: "deep", runs: [Float32Array.of(1, 2, 3, 4)] },
        { name: "shallow", runs: [Float64Array.of(1, 2)] },
      ],
      { y: "delta norm" },
    );
    expect(drawn.layout.title.text).toBe("Delta norm by layer, 2 to 4 layers, 1 seeds");
    expect(centre(drawn, "shallow").x).toEqual([1, 2]);
  });

  test.each([
    [30, ["1", "5", "10", "15", "20", "25", "30"]],
    [10, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]],
    [17, ["1", "4", "6", "8", "10", "12", "14", "17"]],
    [52, ["1", "5", "10", "15", "20", "25", "30", "35", "40", "45", "52"]],
  ])("ticks %i layers from the first to the last, at whole numbers", (layers, ticks) => {
    const drawn = depthProfile([Array.from({ length: layers }, () => 1)], { y: "norm" });
    expect(drawn.layout.xaxis!.ticktext).toEqual(ticks);
  });
});

describe("smallMultiples", () => {
  const panel = (y: string): Figure => depthProfile([{ name: "net", runs, theory: [1, 2, 3] }], { y });

  test("gives each panel its own axes and every name one entry in the legend", () => {
    const drawn = smallMultiples([panel("a"), panel("b"), panel("c")], { title: "What shrinks?" });
    const axes = drawn.layout as unknown as Record<string, { title: { text: string } }>;
    expect(["yaxis", "yaxis2", "yaxis3"].map((key) => axes[key]!.title.text)).toEqual(["a", "b", "c"]);
    expect(
      linesOf(drawn)
        .filter(({ showlegend }) => showlegend)
        .map(({ name }) => name),
    ).toEqual(["net", "theory"]);
    expect(drawn.layout.meta).toEqual({ width: 980, height: 560 });
  });

  test("refuses one panel", () => {
    expect(() => smallMultiples([panel("a")], { title: "?" })).toThrow(
      "smallMultiples: expected two to four figures, got 1",
    );
  });
});

describe("figure", () => {
  const whole = curves([{ name: "net", runs }], options);

  test.each<[string, Figure, string]>([
    ["an axis without a name", curves([{ name: "net", runs }], { ...options, y: "y" }), "the y axis"],
    ["no title", { ...whole, layout: { ...whole.layout, title: { text: " " } } }, "expected a title"],
    ["no description", { ...whole, description: "" }, "expected a description"],
    ["unequal lists", { ...whole, data: [{ ...whole.data[0]!, x: [1] }] }, "has 1 values of x and"],
    [
      "NaN",
      { ...whole, data: [{ ...whole.data[0]!, x: [NaN], y: [1] }] },
      "expected finite numbers, null where there is none",
    ],
  ])("refuses %s", (what, parts, message) => {
    const given =
      what === "an axis without a name"
        ? { ...parts, layout: { ...parts.layout, yaxis: { ...parts.layout.yaxis!, title: { text: "" } } } }
        : parts;
    expect(() => figure(given)).toThrow(message);
  });
});

describe("svg", () => {
  test("draws lines, band, ticks and labels as one picture, with all text escaped", () => {
    const drawn = curves([{ name: "a < b & c", runs, theory: [1, 2, 3] }], { ...options, title: "Is 1 < 2?" });
    const picture = svg(drawn);
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 760 420"/);
    expect(picture).toContain("Is 1 &#60; 2?");
    expect(picture).toContain("a &#60; b &#38; c");
    expect(picture).toContain('stroke-dasharray="7 5"');
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("draws every panel of a linked view and of small multiples, the common axis once, and names the lines", () => {
    const above = curves([{ name: "plain", runs }], { ...options, x: "step", y: "loss (nats)" });
    const below = curves([{ name: "plain", runs }], { ...options, x: "step", y: "norm" });
    const both = svg(linked(above, below, { title: "Does it?" }));
    const beside = svg(smallMultiples([above, below, above], { title: "Does it?" }));
    for (const [picture, panels, steps] of [
      [both, 2, 1],
      [beside, 3, 3],
    ] as const) {
      expect(picture.match(/<svg x=/g)).toHaveLength(panels);
      expect(picture.match(/>step</g)).toHaveLength(steps);
      expect(picture).toMatch(/>plain</);
      expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test("draws of frames only the one that is seen first", () => {
    const [seen, hidden] = ["seen", "hidden"].map((name) => curves([{ name, runs: [[1, 2]] }], options));
    const both = [
      { label: "1", figure: hidden },
      { label: "2", figure: seen },
    ];
    const picture = svg(frames(both, { title: "?", slider: "depth", start: "2" }));
    expect(picture.match(/fill="none" stroke="#d55e00"/g)).toHaveLength(1);
  });

  test("lifts the pen at a gap", () => {
    const picture = svg(curves([{ name: "", runs: [[1, NaN, 1, 1]] }], options));
    expect(/<path d="(M[^"]*)" fill="none" stroke="#d55e00"/.exec(picture)![1]!.match(/M/g)).toHaveLength(2);
  });
});

describeWith("chromium", "Plotly", () => {
  test("accepts every figure of the library, light and dark, and draws it", async () => {
    const profile = depthProfile([{ name: "net", runs, theory: [1, 2, 3] }], { y: "norm", log: true });
    const pictures = imageGrid([{ name: "kernels", images: runs, shape: [1, 3] }], {
      title: "What?",
      x: "unit",
      y: "layer",
    });
    const figures = [
      profile,
      curves(
        [
          { name: "a", depth: 2, runs: [[0, 1]] },
          { name: "b", depth: 3, runs: [[1, 2]] },
        ],
        { ...options, logY: true },
      ),
      smallMultiples([profile, profile, profile], { title: "What shrinks?" }),
      linked(profile, profile, { title: "What shrinks together?" }),
      frames(
        ["2", "8"].map((label) => ({ label, figure: profile })),
        { title: "What shrinks with depth?", slider: "depth" },
      ),
      frames(
        ["2", "8"].map((label) => ({ label, figure: smallMultiples([pictures, profile], { title: "?" }) })),
        { title: "What is seen, and how much is left?", slider: "depth" },
      ),
      heatMap(runs, { title: "Which are alike?", x: "layer", y: "seed", value: "CKA" }),
      pictures,
    ];
    const browser = await playwright.launch({
      executablePath: chromium()!,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ path: createRequire(__filename).resolve("plotly.js-dist-min") });
      for (const { data, layout } of figures.flatMap((one) => [one, dark(one)])) {
        const found = await page.evaluate(
          async (parts: object) => {
            interface Plotly {
              validate(data: unknown, layout: unknown): { msg: string }[] | undefined;
              toImage(figure: object, options: object): Promise<string>;
            }
            const { Plotly } = globalThis as unknown as { Plotly: Plotly };
            const { data, layout } = parts as { data: unknown; layout: unknown };
            // Its validation knows nothing of numbers packed as base64, nor of traces that a slider has yet to show.
            const unpacked = (data as { z?: { bdata?: string } }[]).map((trace) => ({
              ...trace,
              ...(trace.z?.bdata === undefined ? {} : { z: [[0]] }),
              visible: true,
            }));
            const faults = Plotly.validate(unpacked, layout) ?? [];
            const picture = await Plotly.toImage(parts, { format: "png", width: 760, height: 420 });
            return { faults: faults.map(({ msg }) => msg), size: picture.length };
          },
          { data, layout },
        );
        // What a slider's step sets is free: Plotly copies it, and its validation takes the copy for another value.
        expect(found.faults.filter((fault) => !fault.includes(".args[0] (set to"))).toEqual([]);
        expect(found.size).toBeGreaterThan(5000);
      }
    } finally {
      await browser.close();
    }
  });
});
