import ts from "typescript";
import { moduleText } from "../../packages/tools/src/edition";
import { cellsOf, exercisesOf, least, slugs } from "./support/chapters";

interface Call {
  readonly name: string;
  readonly id: string;
  readonly options: ts.ObjectLiteralExpression | undefined;
}

/** Calls of claim, predict and check in a chapter's code, in their order. */
function callsIn(slug: string): Call[] {
  const file = ts.createSourceFile("lesson.ts", moduleText(cellsOf(slug)), ts.ScriptTarget.ES2022, true);
  const calls: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ["claim", "predict", "check"].includes(node.expression.getText())) {
      const [id] = node.arguments;
      const options = node.arguments.find(ts.isObjectLiteralExpression);
      calls.push({ name: node.expression.getText(), id: (id as ts.StringLiteral).text, options });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

function property(options: ts.ObjectLiteralExpression | undefined, name: string): string | undefined {
  return options?.properties.find((one) => one.name?.getText() === name)?.getText();
}

describe.each(slugs)("the source of %s", (slug) => {
  const cells = cellsOf(slug);
  const code = cells.filter(({ kind }) => kind === "code");
  const calls = callsIn(slug);
  const claims = calls.filter(({ name }) => name === "claim");

  test("makes as many claims as a chapter must, each with a statement, values, a unit, one bound and a control", () => {
    expect(claims.length).toBeGreaterThanOrEqual(least(slug).claims);
    for (const { id, options } of claims) {
      const bounds = ["atLeast", "atMost"].filter((name) => property(options, name) !== undefined);
      const others = ["says", "values", "unit", "control"].filter((name) => property(options, name) === undefined);
      expect([id, bounds.length, others]).toEqual([id, 1, []]);
    }
  });

  test("asks for three predictions or more, each with no guess in it, of a claim that is measured after it", () => {
    const predictions = calls.filter(({ name }) => name === "predict");
    expect(predictions.length).toBeGreaterThanOrEqual(least(slug).predictions);
    for (const prediction of predictions) {
      const about = /"([^"]+)"/.exec(property(prediction.options, "claim") ?? "")?.[1];
      const later = calls.slice(calls.indexOf(prediction)).some(({ name, id }) => name === "claim" && id === about);
      expect([prediction.id, about, later]).toEqual([prediction.id, about, true]);
    }
    for (const { text } of code.flatMap(({ lines }) => lines).filter(({ text }) => text.startsWith("predict("))) {
      expect(text).toMatch(/^predict\("[^"]+", null, /);
    }
  });

  test("checks every exercise once, in order, under a heading that says how hard it is and how long it takes", async () => {
    const { exercises } = await exercisesOf(slug);
    expect(exercises.length).toBeGreaterThanOrEqual(least(slug).exercises);
    expect(calls.filter(({ name }) => name === "check").map(({ id }) => id)).toEqual(exercises.map(({ id }) => id));
    const texts = cells.filter(({ exercise }) => exercise !== undefined);
    expect(texts.map(({ exercise }) => exercise?.id)).toEqual(exercises.map(({ id }) => id));
    for (const { exercise, lines } of texts) {
      const text = lines.map((line) => line.text).join("\n");
      expect(text).toContain(`Exercise ${String(exercise?.id)}`);
      expect(text).toContain(`Difficulty ${String(exercise?.difficulty)} of 5, ${String(exercise?.minutes)} minutes`);
    }
  });

  test("has short cells: 40 lines at most, half of them of 15 or fewer", () => {
    const lengths = code.map(({ lines }) => lines.length).sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(40);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(15);
  });

  test("names its question, its minutes, its references, and asks eight to ten questions at the end", async () => {
    const text = cells
      .filter(({ kind }) => kind === "markdown")
      .map(({ lines }) => lines.map((line) => line.text).join("\n"));
    expect(text[0]).toMatch(/^# \d\d · .+\n\*.+\?\*\n/);
    expect(text[0]).toMatch(/\*\*Time\*\* \d+ minutes/);
    expect(text.at(-1)).toMatch(/arXiv:\d{4}\.\d{5}/);
    const { recall } = await exercisesOf(slug);
    expect(recall.length).toBeGreaterThanOrEqual(8);
    expect(recall.length).toBeLessThanOrEqual(10);
  });

  test("speaks plainly: no exclamation mark, no place that is still to be filled in", () => {
    for (const { id, lines } of cells.filter(({ kind }) => kind === "markdown")) {
      const text = lines.map((line) => line.text).join("\n");
      expect([id, /!(?!\[)|@@|…\s*$/.exec(text)?.[0]]).toEqual([id, undefined]);
    }
  });
});
