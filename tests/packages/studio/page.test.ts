import { existsSync, readFileSync } from "node:fs";
import { chromium as browsers, type Browser, type Locator, type Page } from "playwright-core";
import { buildPage, pageFolder } from "../../../packages/studio/src/server/buildPage";
import { startServer, type Studio } from "../../../packages/studio/src/server/studio";
import { chromium, describeWith } from "../../support/tools";
import { TestCourse } from "./support/course";

const figure = {
  data: [{ type: "scatter", mode: "lines", name: "loss", x: [1, 2, 3], y: [3, 2, 1], line: { color: "#d55e00" } }],
  layout: { height: 300, font: { color: "#1c2024" }, meta: { width: 760, height: 300 } },
};
const bundle = {
  "application/vnd.plotly.v1+json": figure,
  "text/plain": "The loss falls from 3 to 1 in three steps.",
};
const card = {
  kind: "exercise",
  id: "03.1",
  title: "Keep the variance",
  state: "not yet right",
  tone: "warn",
  body: "We expected $\\tfrac12$. <img src='x' onerror='window.evil = true'>",
  details: [{ summary: "What is $\\chi_1$?", body: "A factor." }],
  actions: [{ label: "Hint 1", code: 'console.log("Think of the square root.")' }],
};

/** Code of a cell that sends `data` to the page. */
const send = (data: unknown): string =>
  `(globalThis as any)[Symbol.for("deepen.kernel")].display(${JSON.stringify(data)});`;

function code(id: string, source: string, outputs: unknown[] = []): unknown {
  return { id, cell_type: "code", source, metadata: {}, outputs, execution_count: outputs.length > 0 ? 1 : null };
}
const display = (data: unknown): unknown => ({ output_type: "display_data", metadata: {}, data });

const chapter = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" },
    deepen: { title: "Vanishing gradients", source: "first" },
  },
  cells: [
    {
      id: "title",
      cell_type: "markdown",
      metadata: {},
      source: "# Gradients\nThey fall like $4^{-29}$, or like $\\sqrt{\\chi_1}$.",
    },
    code("sum", "const sum = 1 + 1;\nconsole.log(`sum is ${sum}`);"),
    code("figure", send(bundle), [display({ ...bundle, "image/png": "iVBORw0KGgo=" })]),
    code("card", send({ "application/vnd.deepen.card+json": card, "text/plain": "card" }), [
      display({ "application/vnd.deepen.card+json": card, "text/plain": "card" }),
      display({ "text/html": "<p>kept</p><script>window.evil = true</script>", "text/plain": "html" }),
    ]),
    code("error", 'throw new RangeError("no layer 31");'),
    code(
      "death",
      "console.log((globalThis as any).process.pid);\nawait new Promise((resolve) => setTimeout(resolve, 60_000));",
    ),
  ],
};

describeWith("chromium", "the chapter's page", () => {
  const course = new TestCourse();
  const slug = "03-vanishing-gradients";
  const complaints: string[] = [];
  let studio: Studio;
  let browser: Browser;
  let page: Page;

  const cell = (id: string): Locator =>
    page.locator(".jp-Cell").nth(chapter.cells.findIndex((each) => (each as { id: string }).id === id));
  const output = (id: string): Locator => cell(id).locator(".jp-Cell-outputArea");
  const state = (name: "kernel" | "save", value: string): Promise<void> =>
    page.locator(`html[data-${name}-state="${value}"]`).waitFor({ state: "attached" });
  const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
  async function open(path: string): Promise<void> {
    await page.goto(`http://127.0.0.1:${studio.port}${path}`);
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
  }
  async function run(id: string): Promise<void> {
    await cell(id).locator(".cm-content").click();
    await page.keyboard.press("Control+Enter");
  }

  beforeAll(async () => {
    course.put(`notebooks/${slug}.ipynb`, chapter);
    course.put("notebooks/04-broken.ipynb", "{ not a notebook");
    await buildPage();
    studio = await startServer({ course: course.folder, port: 0 }, { page: pageFolder });
    browser = await browsers.launch({
      executablePath: chromium(),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
    page.setDefaultTimeout(30_000);
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(studio.url);
  });
  afterAll(async () => {
    await browser.close();
    await studio.close();
    course.remove();
  });

  test("the index leads to a chapter, whose saved outputs show before any kernel runs", async () => {
    await open("/");
    await page.getByRole("link", { name: "Vanishing gradients" }).click();
    await page.locator("html[data-ready=true] .jp-Cell").first().waitFor();
    await output("figure").locator(".js-plotly-plot .scatterlayer").waitFor();
    expect(await output("figure").locator("img").count()).toBe(0);
    expect(await output("figure").getByRole("img").first().getAttribute("aria-label")).toBe(bundle["text/plain"]);
    expect(await cell("title").locator(".katex").count()).toBe(2);
    // A radical is a drawing as high as its text, not a flattened one.
    expect((await cell("title").locator(".katex .sqrt svg").boundingBox())?.height).toBeGreaterThan(10);
    expect(await page.locator("html").getAttribute("data-kernel-state")).toBe("none");
    expect(existsSync(course.path(`work/${slug}.ipynb`))).toBe(false);
  });

  test("no script of an output runs", async () => {
    expect(await output("card").innerText()).toContain("kept");
    expect(await page.evaluate(() => "evil" in globalThis)).toBe(false);
    expect(await output("card").locator("script, [onerror]").count()).toBe(0);
  });

  test("a card's button says so while no kernel runs", async () => {
    await button("Hint 1").click();
    await output("card").getByText("Run the cells above first.").waitFor();
  });

  test("the first run starts the kernel and shows what the cell prints", async () => {
    await run("sum");
    await output("sum").getByText("sum is 2").waitFor();
    await state("kernel", "idle");
  });

  test("a figure sent live is drawn by Plotly", async () => {
    await run("figure");
    await output("figure").locator(".js-plotly-plot .scatterlayer").waitFor();
    expect(await cell("figure").locator(".deepen-count").innerText()).toBe("2");
  });

  test("a card shows math, and what its button displays, outside of the history", async () => {
    await button("Hint 1").click();
    await output("card").getByText("Think of the square root.").waitFor();
    expect(await output("card").locator(".deepen-card .katex").count()).toBe(2);
    await run("sum");
    await cell("sum").locator(".deepen-count").getByText("3").waitFor();
  });

  test("Tab completes with the kernel's help, Shift-Tab tells the type", async () => {
    await cell("sum").locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nsum.toFix");
    await page.keyboard.press("Tab");
    await page.locator(".jp-Completer-item").getByText("toFixed").waitFor();
    await page.keyboard.press("Enter");
    await cell("sum").getByText("sum.toFixed").waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.locator(".jp-Tooltip").getByText("toFixed(fractionDigits?: number").waitFor();
    await page.keyboard.press("Escape");
  });

  test("an error says first what went wrong, then where", async () => {
    await run("error");
    await output("error").locator(".deepen-error-message").waitFor();
    expect(await output("error").innerText()).toMatch(/^RangeError: no layer 31\n[^]*1:7/);
  });

  test("cells are added, deleted and brought back by keys", async () => {
    const count = (): Promise<number> => page.locator(".jp-Cell").count();
    await cell("error").locator(".cm-content").click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    expect(await count()).toBe(chapter.cells.length + 1);
    await page.keyboard.press("Escape");
    await page.keyboard.press("d");
    await page.keyboard.press("d");
    expect(await count()).toBe(chapter.cells.length);
    await page.keyboard.press("z");
    expect(await count()).toBe(chapter.cells.length + 1);
    await page.keyboard.press("Shift+Z");
    expect(await count()).toBe(chapter.cells.length);
  });

  test("what is typed is saved to work/ by itself, and there after a reload", async () => {
    await state("save", "saved");
    await cell("sum").locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" // kept");
    await state("save", "unsaved");
    await state("save", "saved");
    expect(readFileSync(course.path(`work/${slug}.ipynb`), "utf8")).toContain("// kept");
    expect(readFileSync(course.path(`notebooks/${slug}.ipynb`), "utf8")).not.toContain("// kept");
    await page.reload();
    await page.locator("html[data-ready=true]").waitFor({ state: "attached" });
    await cell("sum").getByText("// kept").waitFor();
    await state("kernel", "idle");
  });

  test("dark is one click away, also for figures, and remembered", async () => {
    const tick = (ink: string): Locator => output("figure").locator(`.xtick text[style*="${ink}"]`).first();
    await tick("rgb(28, 32, 36)").waitFor();
    await button("Dark").click();
    await tick("rgb(230, 230, 227)").waitFor();
    await page.reload();
    await page.locator('html[data-lighting="dark"]').waitFor({ state: "attached" });
    await button("Light").click();
  });

  test("a kernel that dies in mid-cell is told, and a fresh one runs cells again", async () => {
    await run("death");
    await state("kernel", "busy");
    await output("death").locator("pre").waitFor();
    process.kill(Number(await output("death").locator("pre").innerText()), "SIGKILL");
    await page.locator("[data-notice=kernel]").getByText("before its cell was done").waitFor();
    await button("Start a fresh kernel").click();
    await state("kernel", "idle");
    await run("sum");
    await output("sum").getByText("sum is 2").waitFor();
  });

  test("reset asks, keeps the copy and shows the course's version", async () => {
    await button("Reset").click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.locator("[data-notice=reset]").getByText(`work/discarded/${slug}-1.ipynb`).waitFor();
    expect(await cell("sum").innerText()).not.toContain("// kept");
    expect(readFileSync(course.path(`work/discarded/${slug}-1.ipynb`), "utf8")).toContain("// kept");
  });

  test("a newer version of the course is offered beside the reader's copy", async () => {
    course.put(`work/${slug}.ipynb`, {
      ...chapter,
      metadata: { ...chapter.metadata, deepen: { title: "Vanishing gradients", source: "an older one" } },
    });
    await open(`/chapter/${slug}`);
    const notice = page.locator("[data-notice=newer]");
    await notice.getByText("newer version").waitFor();
    await notice.getByRole("button", { name: "Keep my copy" }).click();
    await notice.waitFor({ state: "detached" });
  });

  test("the page logs no error", () => {
    expect(complaints).toEqual([]);
  });

  test("a notebook that cannot be read gives a message in its place", async () => {
    await open("/chapter/04-broken");
    expect(await page.getByRole("alert").innerText()).toContain("04-broken.ipynb");
  });
});
