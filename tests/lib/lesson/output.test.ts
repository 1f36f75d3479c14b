import { DataFrame } from "danfojs-node";
import { cardMarkdown, cardText, type Card } from "../../../lib/src/lesson/card";
import { live } from "../../../lib/src/lesson/live";
import { progress } from "../../../lib/src/lesson/progress";
import { show } from "../../../lib/src/lesson/show";
import { table } from "../../../lib/src/lesson/table";
import { codeWords, escapeHtml, inlineCode } from "../../../lib/src/lesson/words";
import { curves } from "../../../lib/src/plot/curves";
import { fakeHost } from "../../support/fakeHost";

const figure = curves([{ name: "loss", runs: [[3, 2, 1]] }], { title: "Does it learn?", x: "step", y: "loss (nats)" });

describe("cards", () => {
  const card: Card = {
    kind: "exercise",
    id: "03.1",
    title: "Keep the variance",
    state: "not yet right",
    tone: "warn",
    body: "Expected $\\sigma$.",
    details: [{ summary: "Hint <1>", body: "The *idea*." }],
    actions: [{ label: "Hint 1", code: 'require("deepen").lesson.hint("03.1")' }],
  };

  test("fall back to Markdown with folded parts and the code to run", () => {
    expect(cardMarkdown(card)).toBe(
      [
        "**Exercise · Keep the variance** (not yet right)",
        "Expected $\\sigma$.",
        "<details><summary>Hint &#60;1&#62;</summary>\n\nThe *idea*.\n\n</details>",
        'Hint 1: `lesson.hint("03.1")`',
      ].join("\n\n"),
    );
  });

  test("fall back to plain text without what is folded", () => {
    expect(cardText(card)).toBe("Exercise: Keep the variance (not yet right)\nExpected $\\sigma$.");
  });
});

describe("show", () => {
  test("sends Plotly's JSON as an object with the description, and no picture or html", () => {
    const host = fakeHost();
    show(figure);
    const { bundle } = host.shown[0]!;
    expect(Object.keys(bundle)).toEqual(["application/vnd.plotly.v1+json", "text/plain"]);
    expect(bundle["application/vnd.plotly.v1+json"]).toEqual({
      data: figure.data,
      layout: figure.layout,
      config: { showSendToCloud: false, displaylogo: false, responsive: true },
    });
    expect(bundle["text/plain"]).toBe(figure.description);
  });
});

describe("progress", () => {
  test("moves in place and ends full, whatever was drawn on the way", () => {
    const host = fakeHost();
    const line = progress("training <nets>", 1000, "step");
    for (let step = 0; step < 1000; step++) line.advance();
    const ids = new Set(host.shown.map(({ options }) => options.displayId));
    expect(ids.size).toBe(1);
    expect(host.shown.map(({ options }) => options.update)).toEqual([false, ...host.shown.slice(1).map(() => true)]);
    // A thousand steps take well under a second here: ten updates a second and the last.
    expect(host.shown.length).toBeLessThan(20);
    expect(host.shown.at(-1)!.bundle).toEqual({
      "application/vnd.deepen.progress+json": {
        label: "training <nets>",
        value: 1000,
        max: 1000,
        note: "1000 of 1000 steps",
      },
      "text/plain": "training <nets>: 1000 of 1000 steps",
    });
  });
});

describe("live", () => {
  test("grows as SVG pictures and ends as the figure, under one display id", () => {
    const host = fakeHost();
    let drawings = 0;
    const view = live(() => {
      drawings++;
      return figure;
    });
    for (let step = 0; step < 1000; step++) view.update();
    view.end();
    expect(drawings).toBe(host.shown.length);
    expect(drawings).toBeLessThan(20);
    expect(String(host.shown[0]!.bundle["image/svg+xml"])).toMatch(/^<svg /);
    expect(host.shown[0]!.options.update).toBe(false);
    expect(host.shown.at(-1)!.bundle).toHaveProperty(["application/vnd.plotly.v1+json"]);
    expect(host.shown.at(-1)!.options).toEqual({ displayId: host.shown[0]!.options.displayId, update: true });
  });

  test("shows nothing while there is nothing to draw", () => {
    const host = fakeHost();
    const drawn: (typeof figure)[] = [];
    const view = live(() => drawn[0]);
    view.update();
    view.end();
    expect(host.shown).toEqual([]);
    drawn.push(figure);
    view.end();
    expect(host.shown.map(({ options }) => options.update)).toEqual([false]);
  });

  test("shows the figure once where nothing grew", () => {
    const host = fakeHost();
    live(() => figure).end();
    expect(host.shown).toHaveLength(1);
    expect(host.shown[0]!.options.update).toBe(false);
  });
});

describe("table", () => {
  const rows = [
    { net: "plain <b>", loss: [2.3, 2.31, 2.29], depth: 30, share: 0.123456 },
    { net: "batch norm", loss: [0.3, 0.31, 0.32], depth: 30, share: 1e-9 },
  ];

  test("writes numbers to three digits, right-aligned, seeds as mean ± half-width, best in bold, html escaped", () => {
    const host = fakeHost();
    table(rows, { units: { loss: "nats" }, best: { loss: "lowest" } });
    expect(host.shown[0]!.bundle["text/html"]).toBe(
      '<table class="deepen-table" style="font-variant-numeric: tabular-nums"><thead><tr>' +
        '<th align="left">net</th><th align="right">loss (nats)</th><th align="right">depth</th><th align="right">share</th>' +
        '</tr></thead><tbody><tr><td align="left">plain &#60;b&#62;</td><td align="right">2.30 ± 0.02</td>' +
        '<td align="right">30</td><td align="right">0.123</td></tr><tr><td align="left">batch norm</td>' +
        '<td align="right"><strong>0.310 ± 0.025</strong></td><td align="right">30</td>' +
        '<td align="right">1.00 × 10⁻⁹</td></tr></tbody></table>',
    );
    expect(host.shown[0]!.bundle["text/plain"]).toBe(
      [
        "net            loss (nats)  depth        share",
        "plain <b>      2.30 ± 0.02     30        0.123",
        "batch norm  *0.310 ± 0.025     30  1.00 × 10⁻⁹",
      ].join("\n"),
    );
  });

  test("takes a danfo DataFrame and shows it like records", () => {
    const host = fakeHost();
    const records = [
      { init: "He", std: 0.62 },
      { init: "Glorot", std: 3e-5 },
    ];
    table(new DataFrame(records), { caption: "Activations" });
    table(records, { caption: "Activations" });
    expect(host.shown[0]).toEqual(host.shown[1]);
    expect(host.shown[0]!.bundle["text/plain"]).toMatch(/^Activations\n/);
  });

  test.each([
    [[], {}, "table: expected a list of records or a DataFrame, got an empty list"],
    [rows, { best: { los: "lowest" as const } }, 'table: there is no column "los"; there are net, loss, depth, share'],
  ])("refuses what it cannot show", (given, options, message) => {
    fakeHost();
    expect(() => {
      table(given, options);
    }).toThrow(message);
  });
});

describe("words", () => {
  test.each([
    [0.1 + 0.2, "0.3"],
    [[1, [2, 3]], "[1, [2, 3]]"],
    [Float32Array.of(0.5), "[0.5]"],
    [Array.from({ length: 20 }, (_, index) => index), "[0, 1, 2, 3, 4, 5, 6, 7, … 20 in all]"],
    [{ a: 1, b: "x" }, '{ a: 1, b: "x" }'],
    [undefined, "undefined"],
    [Math.sqrt, "the function sqrt"],
  ])("codeWords writes %p as it would be typed", (value, words) => {
    expect(codeWords(value)).toBe(words);
  });

  test("code with backticks stays one piece of code in Markdown", () => {
    expect(inlineCode("a`b``c")).toBe("``` a`b``c ```");
  });

  test("html is shown, not run", () => {
    expect(escapeHtml(`<img onerror="x('&')">`)).toBe("&#60;img onerror=&#34;x(&#39;&#38;&#39;)&#34;&#62;");
  });
});
