import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium as browsers, type Browser, type Locator, type Page } from "playwright-core";
import { chromium, describeWith } from "../support/tools";

const root = path.resolve(__dirname, "..", "..");
const slug = "03-vanishing-gradients";

interface Cell {
  cell_type: string;
  id: string;
  source: string[];
  outputs?: { data?: Record<string, unknown> }[];
}
const chapter = JSON.parse(readFileSync(path.join(root, "notebooks", `${slug}.ipynb`), "utf8")) as { cells: Cell[] };
const plotly = "application/vnd.plotly.v1+json";
const figures = chapter.cells.flatMap(({ outputs = [] }) => outputs.filter(({ data }) => data?.[plotly] !== undefined));

/** A reader's copy of the course in a folder of its own: nothing that the test does reaches the repository. */
function copyCourse(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "deepen-reader-")));
  mkdirSync(path.join(folder, "notebooks"));
  cpSync(path.join(root, "notebooks", `${slug}.ipynb`), path.join(folder, "notebooks", `${slug}.ipynb`));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "deepen-course", private: true }));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

/** Starts the course as `npm start` does and gives the address that it prints. */
async function startCourse(folder: string): Promise<{ url: string; server: ChildProcess }> {
  const main = path.join(root, "packages", "tools", "dist", "main.js");
  const server = spawn(process.execPath, [main, "start", "--no-open", "--port", "0"], {
    cwd: folder,
    env: { ...process.env, DEEPEN_PROFILE: "", DEEPEN_SEED: "", DEEPEN_ENGINE: "" },
  });
  const printed: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: Buffer): void => {
      printed.push(text.toString());
      const address = /http:\/\/\S+\?token=\S+/.exec(printed.join(""))?.[0];
      if (address !== undefined) resolve(address);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("exit", (code) => {
      reject(new Error(`deepen start ended with ${code}: ${printed.join("")}`));
    });
  });
  return { url, server };
}

describeWith("chromium", "a reader opens chapter 03", () => {
  let folder: string;
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const cell = (id: string): Locator => page.locator(".jp-Cell").nth(chapter.cells.findIndex((each) => each.id === id));
  const last = (): Locator => page.locator(".jp-Cell").last();
  const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
  const state = (name: "kernel" | "save", value: string, timeout = 30_000): Promise<void> =>
    page.locator(`html[data-${name}-state="${value}"]`).waitFor({ state: "attached", timeout });
  const typeAndRun = async (text: string): Promise<void> => {
    await last().locator(".cm-content").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
  };

  beforeAll(async () => {
    folder = copyCourse();
    const started = await startCourse(folder);
    server = started.server;
    browser = await browsers.launch({
      executablePath: chromium(),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(started.url);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test("finds it executed, with every figure drawn by Plotly before any kernel runs", async () => {
    await page
      .getByRole("link", { name: /Vanishing gradients/ })
      .first()
      .click();
    await page.locator("html[data-ready=true]").waitFor({ state: "attached" });
    expect(await page.locator("html").getAttribute("data-kernel-state")).toBe("none");
    expect(figures.length).toBeGreaterThan(4);
    await expectFigures();
  });

  test("runs it to its end: every cell, no error, every figure drawn anew", async () => {
    await button("Run all").click();
    await state("kernel", "busy");
    const codeCells = chapter.cells.filter(({ cell_type }) => cell_type === "code").length;
    // The state is "idle" between two cells, too: the end is there when every cell has its number.
    const numbered = page.locator(".jp-CodeCell .deepen-count").filter({ hasText: /^\d+$/ });
    const end = performance.now() + 400_000;
    while ((await numbered.count()) < codeCells && performance.now() < end) await page.waitForTimeout(500);
    expect(await numbered.allInnerTexts()).toEqual(Array.from({ length: codeCells }, (_, index) => String(index + 1)));
    await state("kernel", "idle");
    expect(await page.locator(".deepen-error-message").count()).toBe(0);
    await expectFigures();
  }, 420_000);

  test("sees every claim hold", async () => {
    const claims = chapter.cells.flatMap(({ outputs = [] }) =>
      outputs.flatMap(({ data }) => {
        const card = data?.["application/vnd.deepen.card+json"] as { kind: string; id: string } | undefined;
        // The card that sums up the chapter's claims has the chapter's number alone as its id.
        return card?.kind === "claim" && card.id.includes(".") ? [card.id] : [];
      }),
    );
    expect(claims.length).toBeGreaterThanOrEqual(6);
    for (const id of claims) {
      const card = page.locator(`.jp-OutputArea .deepen-card[data-card="${id}"][data-kind="claim"]`).last();
      expect((await card.locator(".deepen-card-state").innerText()).trim()).toBe("holds");
    }
  });

  test("adds a cell, completes with Tab, and reads what went wrong", async () => {
    await last().click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    await last().locator(".cm-content").click();
    await page.keyboard.type("theory.batchNorm");
    await page.keyboard.press("Tab");
    await last().getByText("theory.batchNormExplosion").or(page.locator(".jp-Completer-item")).first().waitFor();
    if ((await page.locator(".jp-Completer-item").count()) > 0) await page.keyboard.press("Enter");
    await last().getByText("theory.batchNormExplosion").waitFor();
    await typeAndRun('throw new RangeError("no layer 31");');
    await last().locator(".deepen-error-message").getByText("no layer 31").waitFor();
  });

  test("stops a loop that never waits, and goes on with the variables that were there", async () => {
    await typeAndRun("await 0; while (true) {}");
    await state("kernel", "busy");
    await page.waitForTimeout(500);
    await button("Stop").click();
    await state("kernel", "idle");
    await last().locator(".deepen-error-message").getByText("Interrupted").waitFor();
    await typeAndRun("console.log(chapter.seed);");
    await last().locator(".jp-OutputArea-output").getByText("3", { exact: true }).waitFor();
  });

  test("finds his edits again after a reload, and the course's version after a reset", async () => {
    await page.keyboard.press("Control+S");
    await state("save", "saved");
    await page.reload();
    await page.locator("html[data-ready=true]").waitFor({ state: "attached" });
    await last().getByText("console.log(chapter.seed);").waitFor();
    expect(existsSync(path.join(folder, "work", `${slug}.ipynb`))).toBe(true);
    await button("Reset").click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.locator("[data-notice=reset]").waitFor();
    await page.locator("html[data-ready=true]").waitFor({ state: "attached" });
    expect(await page.locator(".jp-Cell").count()).toBe(chapter.cells.length);
    expect(existsSync(path.join(folder, "work", "discarded", `${slug}-1.ipynb`))).toBe(true);
  });

  test("the page logs no error", () => {
    expect(complaints).toEqual([]);
  });

  /** Every figure of the committed notebook stands on the page as a live plot, none as a picture. */
  async function expectFigures(): Promise<void> {
    for (const { id, outputs = [] } of chapter.cells) {
      const count = outputs.filter(({ data }) => data?.[plotly] !== undefined).length;
      if (count === 0) continue;
      await cell(id).scrollIntoViewIfNeeded();
      await cell(id).locator(".js-plotly-plot .main-svg").first().waitFor();
      expect(await cell(id).locator(".js-plotly-plot").count()).toBe(count);
      expect(await cell(id).locator(".jp-OutputArea img").count()).toBe(0);
    }
  }
});
