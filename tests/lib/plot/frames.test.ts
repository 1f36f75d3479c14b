import { bars } from "../../../lib/src/plot/bars";
import { curves } from "../../../lib/src/plot/curves";
import { depthProfile } from "../../../lib/src/plot/depthProfile";
import type { Figure, Trace } from "../../../lib/src/plot/figure";
import { frames } from "../../../lib/src/plot/frames";
import { imageGrid } from "../../../lib/src/plot/imageGrid";
import { linked } from "../../../lib/src/plot/linked";
import { smallMultiples } from "../../../lib/src/plot/smallMultiples";

const options = { title: "Does it learn?", x: "step", y: "loss (nats)" };
const lines = (top: number): Figure =>
  curves(
    [
      {
        name: "plain",
        runs: [
          [0, top],
          [0, top],
        ],
      },
      {
        name: "skips",
        runs: [
          [0, top / 2],
          [0, top / 2],
        ],
      },
    ],
    options,
  );
const at = (label: string, top: number) => ({ label, figure: lines(top) });
const all = [at("2", 1), at("8", 4), at("32", 2)];
const ends = ({ layout }: Figure): number[] => [...layout.yaxis!.range!];
const shown = (data: Figure["data"]): boolean[] => data.map(({ visible }) => visible!);

describe("frames", () => {
  const drawn = frames(all, { title: "What does depth do?", slider: "depth", start: "8" });
  const counts = all.map(({ figure }) => figure.data.length);

  test("begin with the named frame, and each step of the slider shows its own traces and no others", () => {
    const [slider] = drawn.layout.sliders!;
    expect(slider.active).toBe(1);
    expect(slider.currentvalue.prefix).toBe("depth ");
    expect(slider.steps.map(({ label }) => label)).toEqual(["2", "8", "32"]);
    expect(shown(drawn.data)).toEqual(slider.steps[1].args[0].visible);
    slider.steps.forEach(({ args: [{ visible }] }, place) => {
      const before = counts.slice(0, place).reduce((sum, count) => sum + count, 0);
      const own = drawn.data.map((_, index) => index >= before && index < before + counts[place]);
      expect(visible).toEqual(own);
    });
  });

  test("have axes that reach over all frames, and a legend of every line once in each", () => {
    expect(ends(drawn)).toEqual([
      Math.min(...all.map(({ figure }) => ends(figure)[0])),
      Math.max(...all.map(({ figure }) => ends(figure)[1])),
    ]);
    const named = drawn.data.filter((trace) => (trace as Trace).showlegend).map(({ name }) => name);
    expect(named).toEqual(["plain", "skips", "plain", "skips", "plain", "skips"]);
  });

  test("on a log axis have the ticks of the frame that reaches furthest, not of the one with the most", () => {
    const logged = (label: string, last: number) => ({
      label,
      figure: curves([{ name: "plain", runs: [[0.03, last]] }], { ...options, logY: true }),
    });
    const [near, far] = [logged("4", 1), logged("50", 3000)];
    const common = frames([near, far], { title: "How far does it reach?", slider: "depth" }).layout.yaxis!;
    expect(near.figure.layout.yaxis!.tickvals!.length).toBeGreaterThan(common.tickvals!.length - 1);
    expect(common.tickvals).toEqual([0.1, 1, 10, 100, 1000]);
  });

  test("are described by the frame that is seen first and by the places of the slider", () => {
    expect(drawn.description).toMatch(/^A slider moves the depth: 2, 8, 32\. depth 8: Loss \(nats\) against step/);
  });

  test("begin with the first frame if none is named, and refuse a name that none has", () => {
    expect(frames(all, { title: "?", slider: "depth" }).layout.sliders![0].active).toBe(0);
    expect(() => frames(all, { title: "?", slider: "depth", start: "9" })).toThrow(
      'start: expected one of "2", "8", "32", got "9"',
    );
  });

  test("refuse one frame, and frames that do not show the same", () => {
    expect(() => frames(all.slice(1, 2), { title: "?", slider: "depth" })).toThrow(
      "expected two to thirty frames, got 1",
    );
    const other = curves([{ name: "a", runs: [[1, 2]] }], { ...options, y: "accuracy (%)" });
    expect(() => frames([...all, { label: "x", figure: other }], { title: "?", slider: "depth" })).toThrow(
      'yaxis: expected the same in all figures, got "loss (nats)" and "accuracy (%)"',
    );
  });
});

describe("frames of small multiples", () => {
  const names = { title: "What do units like?", x: "picture", y: "unit" };
  const picture = (ink: number, name = "a") => imageGrid([{ name, shape: [2, 2], images: [[0, 1, 2, ink]] }], names);
  const both = (label: string, top: number, name?: string) => {
    return { label, figure: smallMultiples([picture(top, name), lines(top)], { title: "?" }) };
  };
  const drawn = frames([both("1", 3), both("2", 8)], { title: "Which layer?", slider: "layer", start: "2" });

  test("move all panels at once, each over axes that reach over all frames", () => {
    const places = drawn.data.map(({ xaxis, visible }) => [xaxis, visible]);
    const half = places.length / 2;
    expect(places.slice(0, half).map(([panel]) => panel)).toEqual(places.slice(half).map(([panel]) => panel));
    expect(new Set(places.slice(half).map(String))).toEqual(new Set(["x,true", "x2,true"]));
    expect(new Set(places.slice(0, half).map(([, visible]) => visible))).toEqual(new Set([false]));
    expect(drawn.layout.yaxis2!.range![1]).toBeGreaterThanOrEqual(8);
    expect(drawn.layout.yaxis2!.domain).toEqual(both("2", 8).figure.layout.yaxis2!.domain);
  });

  test("keep the legend below the panels, and put the slider below the legend", () => {
    const { figure: alone } = both("2", 8);
    expect(drawn.layout.legend).toEqual(alone.layout.legend);
    expect(drawn.layout.sliders![0].pad.t).toBe(alone.layout.margin.b);
    expect(drawn.layout.margin.b).toBeGreaterThan(alone.layout.margin.b);
    expect(drawn.layout.height - drawn.layout.margin.b).toBe(alone.layout.height - alone.layout.margin.b);
  });

  test("name bars by their colour, once in each frame", () => {
    const counted = (height: number): Figure =>
      smallMultiples(
        [lines(2), bars([{ name: "errors", values: [[height], [height, 2]] }], { ...options, groups: ["a", "b"] })],
        { title: "?" },
      );
    const drawn = frames(
      [1, 2].map((height) => ({ label: String(height), figure: counted(height) })),
      { title: "?", slider: "layer" },
    );
    const named = drawn.data.filter((trace): trace is Trace => trace.name === "errors" && "showlegend" in trace);
    expect(named.filter(({ showlegend }) => showlegend).map(({ fill }) => fill)).toEqual(["toself", "toself"]);
  });

  test("refuse cells whose names change, and frames with other panels", () => {
    const options = { title: "?", slider: "layer" };
    expect(() => frames([both("1", 3), both("2", 8, "b")], options)).toThrow(
      "yaxis: expected the same rows and columns in all figures, got a and b",
    );
    expect(() => frames([both("1", 3), { label: "2", figure: lines(2) }], options)).toThrow(
      "frames: expected as many panels in all figures, got 2 and 1",
    );
  });
});

describe("linked", () => {
  const loss = depthProfile([{ name: "net", runs: [[3, 2, 1]] }], { y: "loss (nats)" });
  const norm = depthProfile([{ name: "net", runs: [[1, 2, 3]], theory: [1, 2, 3] }], { y: "gradient norm", log: true });
  const drawn = linked(loss, norm, { title: "What moves together?" });

  test("puts both figures over one x axis, so that pointing and zooming reach both", () => {
    const places = drawn.data.map(({ xaxis, yaxis }) => [xaxis, yaxis]);
    expect(places).toEqual([...loss.data.map(() => ["x", "y"]), ...norm.data.map(() => ["x", "y2"])]);
    const { layout } = drawn;
    expect([layout.xaxis!.anchor, layout.hovermode, layout.hoversubplots]).toEqual(["y2", "x", "axis"]);
    expect([layout.yaxis!.title.text, layout.yaxis2!.title.text]).toEqual(["loss (nats)", "gradient norm (log scale)"]);
    expect(layout.yaxis2!.domain![1]).toBeLessThan(layout.yaxis!.domain![0]);
  });

  test("names a line that stands in both once", () => {
    const named = drawn.data.filter((trace) => (trace as Trace).showlegend).map(({ name }) => name);
    expect(named).toEqual(["net", "theory"]);
  });

  test("reaches over both, and refuses figures over different x", () => {
    const longer = depthProfile([{ name: "net", runs: [[1, 2, 3, 4]] }], { y: "gradient norm" });
    expect(() => linked(loss, longer, { title: "?" })).toThrow("xaxis: expected the same in all figures");
    const wide = curves([{ name: "net", x: [0, 10], runs: [[1, 2]] }], options);
    const narrow = curves([{ name: "net", x: [4, 20], runs: [[1, 2]] }], options);
    const [from, to] = linked(wide, narrow, { title: "?" }).layout.xaxis!.range!;
    expect(from).toBeLessThanOrEqual(0);
    expect(to).toBeGreaterThanOrEqual(20);
  });
});
