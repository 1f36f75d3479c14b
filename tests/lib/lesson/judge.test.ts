import vm from "node:vm";
import fc from "fast-check";
import { tf, ready } from "@deepen/engine";
import { judge } from "../../../lib/src/lesson/judge";
import { todo } from "../../../lib/src/lesson/todo";
import { allExercises, edgeOfChaos, keepAlive, keepVariance, layerStds, whichCurve } from "../../support/exercises";

beforeAll(async () => {
  await ready();
});

const passed = { state: "passed" };
const notYet = { state: "not yet right" };

describe("judge", () => {
  test.each(allExercises.map((exercise) => [exercise.kind, exercise] as const))(
    "passes the solution and every other right answer (%s)",
    async (_kind, exercise) => {
      for (const answer of [exercise.solution, ...exercise.right]) {
        expect(await judge(exercise, answer)).toMatchObject(passed);
      }
    },
  );

  test("recognises a named wrong answer, says its message and the smallest case that fails", async () => {
    const std = (fanIn: number): number => 2 / fanIn;
    const judgement = await judge(keepVariance, std);
    // 2 / 2 is 1 and right: the first input that tells the two apart is 8.
    expect(judgement).toEqual({
      state: "not yet right",
      named: "variance",
      message: "That is the variance. You need its square root.\n\n`std(8)` should give `0.5`; yours gives `0.25`.",
    });
  });

  test("fills the numbers of the failing case into a message that is a function", async () => {
    const judgement = await judge(keepVariance, (fanIn: number) => fanIn ** -0.5);
    expect(judgement.named).toBe("linear layers");
    expect(judgement.message).toContain("0.707107 where ReLU needs 1");
  });

  test("recognises a named wrong answer by its outputs where it differs from the solution, whatever its form", async () => {
    const judgement = await judge(keepVariance, (fanIn: number) => Promise.resolve([2 / fanIn][0]));
    expect(judgement.named).toBe("variance");
  });

  test("does not take an answer that is wrong in its own way for a named one", async () => {
    const judgement = await judge(keepVariance, (fanIn: number) => (fanIn === 8 ? 0.25 : fanIn));
    expect(judgement).toMatchObject(notYet);
    expect(judgement.named).toBeUndefined();
  });

  test("does not take an answer for a named one that explains the lesser part of what fails", async () => {
    const rare = { name: "wrong for 8", answer: (n: number) => (n === 8 ? 1 : Math.sqrt(2 / n)), message: "Only 8." };
    const exercise = { ...keepVariance, wrong: [rare, ...keepVariance.wrong] };
    expect((await judge(exercise, (n: number) => (n === 8 ? 1 : Math.sqrt(2 / n)))).named).toBe("wrong for 8");
    // Gives 1 for 8 as well, and is wrong everywhere else.
    expect((await judge(exercise, () => 1)).named).toBeUndefined();
  });

  test("shows a case that the name explains, and takes the name that explains the most", async () => {
    const judgement = await judge(keepVariance, (n: number) => (n === 2 ? 5 : 2 / n));
    expect(judgement.named).toBe("variance");
    expect(judgement.message).toContain("(8)` should give `0.5`; yours gives `0.25`");
    const some = {
      name: "even",
      answer: (n: number) => (n % 2 === 0 ? 2 / n : Math.sqrt(2 / n)),
      message: "For even numbers.",
    };
    expect((await judge({ ...keepVariance, wrong: [some, ...keepVariance.wrong] }, (n: number) => 2 / n)).named).toBe(
      "variance",
    );
  });

  test.each([
    ["a missing return", () => undefined, "is a `return` missing?"],
    ["NaN", () => NaN, "`NaN` means that somewhere a number was missing"],
    ["a string", (n: number) => String(Math.sqrt(2 / n)), "expected is a number, yours is a string"],
    ["a list", (n: number) => [Math.sqrt(2 / n)], "expected is a number, yours is a list"],
    ["an error", () => new Map([[1, { x: 1 }]]).get(2)!.x, "is there an index past the end of a list"],
    [
      "an endless recursion",
      function again(n: number): number {
        return again(n);
      },
      "it calls itself without an end",
    ],
    ["the wrong sign", (n: number) => -Math.sqrt(2 / n), "the wrong sign"],
    ["a constant factor", (n: number) => 3 * Math.sqrt(2 / n), "`3` times what is expected"],
    ["a constant offset", (n: number) => 1 + Math.sqrt(2 / n), "differs by `1`"],
    ["a constant", () => 7, "gives `7` whatever the input"],
    ["a rounded number", (n: number) => Number(Math.sqrt(2 / n).toFixed(4)), "close, but more than rounding"],
    ["a coarse search", (n: number) => 1.005 * Math.sqrt(2 / n), "close, but more than rounding"],
    ["half right", (n: number) => (n > 20 ? Math.sqrt(2 / n) : 0), /Right on \d+ of 23 inputs/],
  ])("explains %s", async (_what, answer, words) => {
    const judgement = await judge(keepVariance, answer);
    expect(judgement).toMatchObject(notYet);
    expect(judgement.message).toMatch(typeof words === "string" ? new RegExp(escape(words)) : words);
  });

  test("says which element is wrong, and when there are too few", async () => {
    const last = await judge(layerStds, (rows: number[][]) => rows.map((row, index) => (index === 2 ? 9 : mean(row))));
    expect(last.message).toContain("element 2 should be `0`, yours is `9`");
    const few = await judge(layerStds, (rows: number[][]) => rows.slice(1).map(mean));
    expect(few.message).toContain("expected is 1 element, yours has 0");
    const past = await judge(layerStds, (rows: number[][]) => [...rows.map(mean), NaN]);
    expect(past.message).toContain("`NaN` means that somewhere a number was missing: an index past the end of a list");
    const nested = await judge(layerStds, (rows: number[][]) => [rows.map(mean)]);
    expect(nested.message).toContain("(expected is a number, yours is a list)");
    expect(nested.message).not.toContain("On all inputs");
    const hole = await judge(layerStds, (rows: number[][]) => Object.assign(rows.map(mean), { 0: undefined }));
    expect(hole.message).toContain("element 0 should be");
    expect(hole.message).not.toContain("return");
  });

  test("sees a constant factor although 0 is right for some inputs", async () => {
    const judgement = await judge({ ...keepVariance, inputs: [[Infinity], [2], [8]] }, (n: number) => {
      return 2 * Math.sqrt(2 / n);
    });
    expect(judgement.message).toContain("On all inputs yours is `2` times what is expected.");
  });

  test.each([
    ["a typed array", (rows: number[][]) => Float64Array.from(rows.map(mean))],
    ["a tensor", (rows: number[][]) => tf.tidy(() => tf.stack(rows.map((row) => tf.tensor1d(row).mean())))],
    ["a promise", (rows: number[][]) => Promise.resolve(rows.map(mean))],
  ])("passes a right answer given as %s", async (_form, answer) => {
    expect(await judge(layerStds, answer)).toMatchObject(passed);
  });

  test("ends for a list that contains itself several times", async () => {
    const loop = (): unknown => {
      const list: unknown[] = [];
      list.push(...Array<unknown>(30).fill(list));
      return list;
    };
    expect(await judge(keepVariance, loop)).toMatchObject(notYet);
    expect(await judge(whichCurve, loop())).toMatchObject(notYet);
  });

  test("frees the tensors that an answer leaves behind", async () => {
    const before = tf.memory().numTensors;
    await judge(layerStds, (rows: number[][]) => rows.map((row) => tf.tensor1d(row).mean()));
    expect(tf.memory().numTensors).toBe(before);
  });

  test("gives each call its own copy of the input, so that an answer which changes it harms only itself", async () => {
    const judgement = await judge(layerStds, function means(rows: number[][]) {
      const found = rows.map(mean);
      rows[0]![0] = 7;
      return found;
    });
    expect(judgement).toMatchObject(notYet);
    expect(judgement.message).toMatch(/^The results are right, but `means\(\[.*\]\)` changes argument 1: .*copy/);
    expect(layerStds.inputs[1]![0]).toHaveLength(3);
  });

  test("ends with a message where a promise never settles", async () => {
    const judgement = await judge({ ...keepVariance, seconds: 0.05 }, () => new Promise(() => undefined));
    expect(judgement.message).toContain("had not ended after 0.05 seconds");
  });

  test("judges functions of another realm, as cells are, like its own", async () => {
    const inCell = (code: string): unknown => vm.runInNewContext(code);
    expect(
      await judge(layerStds, inCell("(rows) => rows.map((row) => row.reduce((a, b) => a + b) / row.length)")),
    ).toMatchObject(passed);
    expect(await judge(keepVariance, inCell("async (n) => Math.sqrt(2 / n)"))).toMatchObject(passed);
    const thrown = await judge(keepVariance, inCell("(n) => missing"));
    expect(thrown.message).toContain("stopped with `ReferenceError: missing is not defined`");
    const text = await judge(keepVariance, inCell("(n) => { throw 'no' }"));
    expect(text.message).toContain('stopped with `thrown: "no"`');
    const endless = await judge({ ...keepVariance, seconds: 0.05 }, inCell("(n) => new Promise(() => {})"));
    expect(endless.message).toContain("had not ended");
  });

  test("says not done for a stub, also where its value was computed with, and for a bare todo", async () => {
    expect(await judge(keepVariance, () => todo("03.1"))).toMatchObject({ state: "not done" });
    expect(await judge(keepVariance, (n: number) => 2 * (todo("03.1") as number) + n)).toMatchObject({
      state: "not done",
    });
    expect(await judge(edgeOfChaos, todo("03.3"))).toMatchObject({ state: "not done" });
    expect(await judge(keepAlive, todo("03.5"))).toMatchObject({ state: "not done" });
  });

  test("judges a value: right, known wrong, other", async () => {
    expect(await judge(edgeOfChaos, 1.3266)).toMatchObject({ named: "root" });
    expect((await judge(edgeOfChaos, 3)).message).toBe("That is not it. Yours is `3`.");
    expect((await judge(edgeOfChaos, () => 1.76)).message).toContain("Call it");
  });

  test("never tells the value to find, but which part of it is wrong or missing", async () => {
    const diagnosis = { ...edgeOfChaos, solution: { layer: 7, fault: "weights too small" }, wrong: [] };
    const layer = await judge(diagnosis, { layer: 9, fault: "weights too small" });
    expect(layer.message).toBe(
      'That is not it. Yours is `{ layer: 9, fault: "weights too small" }`: the field `layer` is not right.',
    );
    expect((await judge(diagnosis, { layer: 7, fault: "?" })).message).toContain("the field `fault` is not right");
    expect((await judge(diagnosis, { layer: 7 })).message).toContain("the field `fault` is missing");
    expect((await judge(diagnosis, { layer: "9", fault: "?" })).message).toContain(
      "the field `layer`: expected is a number, yours is a string",
    );
    expect((await judge(diagnosis, 7)).message).toContain("expected is a record, yours is a number");
    expect((await judge({ ...diagnosis, solution: [1, 2] }, [1, 3])).message).toContain("element 1 is not right");
  });

  test("explains each lettered answer, and what to give where there is no such letter", async () => {
    expect((await judge(whichCurve, "a")).message).toBe("**a: The activations.** They grow towards the output.");
    expect((await judge(whichCurve, "constructor")).message).toContain("letters a, b");
    expect((await judge(whichCurve, 2)).message).toContain("yours is `2`");
  });

  test("judges a design by its interval over seeds against the bound", async () => {
    expect((await judge(keepAlive, 9)).message).toContain("9.25 ± 0.21 points (4 seeds); asked: at least 5");
    // The mean 5.15 lies above 5, the interval does not.
    const near = await judge(keepAlive, 4.9);
    expect(near).toMatchObject(notYet);
    expect(near.message).toContain("The mean would do, but its 95 % interval reaches past the bound");
    expect(await judge(keepAlive, 0)).toMatchObject({ named: "none" });
    expect((await judge(keepAlive, "fast")).message).toBe("Give a number.");
  });

  test("never throws and never passes, whatever is given in place of an answer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.constantFrom(...allExercises), async (answer, exercise) => {
        fc.pre(!(exercise === keepAlive && typeof answer === "number"));
        fc.pre(!(exercise === whichCurve && typeof answer === "string"));
        fc.pre(!(exercise === edgeOfChaos && typeof answer === "number"));
        const direct = await judge(exercise, answer);
        const returned = await judge(exercise, () => answer);
        expect([direct.state, returned.state]).toEqual(["not yet right", "not yet right"]);
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
