import { tf } from "@deepen/engine";
import { begin, check, claim, hint, predict, recall, solution } from "../../../lib/src/lesson";
import { todo } from "../../../lib/src/lesson/todo";
import { allExercises, keepVariance } from "../../support/exercises";
import { fakeHost, type FakeOptions } from "../../support/fakeHost";

const slug = "03-vanishing-gradients";
const recallQuestions = [{ question: "What shrinks?", answer: "The deltas, by $\\sigma' \\le 1/4$ a layer." }];

async function chapterWith(
  options: FakeOptions = {},
): Promise<{ host: ReturnType<typeof fakeHost> } & Awaited<ReturnType<typeof begin>>> {
  const host = fakeHost({ exercises: allExercises, recall: recallQuestions, ...options });
  return { host, ...(await begin(slug, { seed: 3 })) };
}

const lastCard = (host: ReturnType<typeof fakeHost>): Record<string, unknown> => host.cards().at(-1)!;

describe("begin", () => {
  test("gives the seed, child seeds by name, and the profile; the environment overrides seed and profile", async () => {
    const chapter = await chapterWith();
    expect(chapter).toMatchObject({ slug, seed: 3, profile: "normal" });
    expect(chapter.child("a")).toBe(chapter.child("a"));
    expect(chapter.child("a")).not.toBe(chapter.child("b"));
    expect(chapter.pick({ normal: 400, smoke: 4 })).toBe(400);
    const smoke = await chapterWith({ settings: { profile: "smoke", seed: "7" } });
    expect(smoke).toMatchObject({ seed: 7, profile: "smoke" });
    expect(smoke.pick({ normal: 400, smoke: 4 })).toBe(4);
  });

  test.each([
    [{ settings: { profile: "fast" } }, "DEEPEN_PROFILE: expected normal or smoke, got fast"],
    [{ settings: { seed: "-1" } }, "DEEPEN_SEED: expected an integer from 0, got -1"],
    [{ exercises: [{ ...keepVariance, hints: ["one"] }] }, `${slug}.exercises, 03.1: expected three hints`],
    [{ exercises: [keepVariance, keepVariance] }, `${slug}.exercises, 03.1: expected an id of its own`],
    [{ exercises: [{ title: "x" }] }, `${slug}.exercises, number 1: expected an id such as 03.1`],
    [{ recall: [{ question: "?" }] }, `${slug}.exercises, recall 1: expected a question and an answer in words`],
  ])("refuses what is malformed and names it", async (options, message) => {
    await expect(chapterWith(options)).rejects.toThrow(message);
  });
});

describe("seeds", () => {
  test("gives paired, different seeds: the same list at every call", async () => {
    const chapter = await chapterWith();
    const first = await chapter.seeds(5, (seed) => seed);
    expect(new Set(first).size).toBe(5);
    expect(await chapter.seeds(5, (seed) => seed)).toEqual(first);
  });

  test("runs two seeds in the smoke profile", async () => {
    const chapter = await chapterWith({ settings: { profile: "smoke" } });
    expect(await chapter.seeds(5, (_seed, index) => index)).toEqual([0, 1]);
  });

  test("frees tensors and model weights that a run made, also when it fails", async () => {
    const chapter = await chapterWith();
    const before = tf.memory().numTensors;
    const run = async (): Promise<number> => {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
      const output = model.predict(tf.ones([1, 2])) as ReturnType<typeof tf.ones>;
      return (await output.data()).length;
    };
    expect(await chapter.seeds(2, run)).toEqual([3, 3]);
    expect(tf.memory().numTensors).toBe(before);
    const failing = chapter.seeds(2, () => {
      tf.ones([5]);
      throw new Error("boom");
    });
    await expect(failing).rejects.toThrow("boom");
    expect(tf.memory().numTensors).toBe(before);
  });

  test("leaves runs that overlap each other's tensors, and frees all of them in the end", async () => {
    const chapter = await chapterWith();
    const before = tf.memory().numTensors;
    const slowly = async (seed: number, index: number): Promise<number> => {
      const tensor = tf.scalar(index);
      await new Promise((resolve) => setTimeout(resolve, seed % 7));
      return (await tensor.add(1).data())[0]!;
    };
    const together = [chapter.seeds(4, slowly), chapter.seeds(3, slowly), check("03.1", () => tf.scalar(1))] as const;
    expect((await Promise.all(together)).slice(0, 2)).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("begins anew after a cell that was ended in the middle of a run", async () => {
    const chapter = await chapterWith();
    const engine = tf.engine();
    const depth = engine.state.scopeStack.length;
    void chapter.seeds(1, () => new Promise<number>(() => undefined));
    // What the engine's guard does when a cell is killed.
    while (engine.state.scopeStack.length > depth) engine.endScope();
    const before = tf.memory().numTensors;
    expect(await chapter.seeds(2, async () => (await tf.scalar(5).data())[0])).toEqual([5, 5]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("refuses a result whose memory would be gone", async () => {
    const chapter = await chapterWith();
    await expect(chapter.seeds(1, () => ({ loss: tf.scalar(1) }))).rejects.toThrow(
      "seeds: expected plain numbers as result, got a tf.Tensor",
    );
  });

  test("stops between runs when the reader asks for it, and says how far it came", async () => {
    let asked = false;
    const chapter = await chapterWith({ stopRequested: () => asked });
    const runs = chapter.seeds(5, (_seed, index) => {
      asked = index === 1;
      return index;
    });
    await expect(runs).rejects.toThrow("stopped at run 2 of 5; variables are kept");
  });

  test("shows a progress line that ends full when it has a label", async () => {
    const { host, seeds } = await chapterWith();
    await seeds(3, (seed) => seed, "training");
    const { bundle, options } = host.shown.at(-1)!;
    expect(bundle).toEqual({
      "application/vnd.deepen.progress+json": { label: "training", value: 3, max: 3, note: "3 of 3 runs" },
      "text/plain": "training: 3 of 3 runs",
    });
    expect(options.update).toBe(true);
  });
});

describe("predict", () => {
  test("asks for a guess, keeps it, and shows it beside the measurement of its claim", async () => {
    const { host } = await chapterWith();
    predict("03.a", null, { claim: "03.c" });
    expect(lastCard(host)).toMatchObject({ kind: "predict", id: "03.a", state: "no guess yet" });
    predict("03.a", 12, { claim: "03.c", unit: "powers of ten" });
    expect(lastCard(host)).toMatchObject({ state: "guessed" });
    expect(host.written).toEqual([{ kind: "predict", id: "03.a", value: 12 }]);
    await claim("03.c", {
      says: "It shrinks.",
      values: [17, 18, 18],
      unit: "powers of ten",
      atLeast: 8,
      control: () => [0, 0, 1],
    });
    expect(lastCard(host).body).toContain(
      "Your guess (03.a): 12 powers of ten; measured: 17.7 powers of ten. You were off by 5.67 powers of ten.",
    );
    predict("03.a", 12, { claim: "03.c", unit: "powers of ten" });
    expect(lastCard(host)).toMatchObject({ state: "measured" });
  });

  test("remembers the guess of an earlier day", async () => {
    const { host } = await chapterWith({ entries: [{ kind: "predict", id: "03.a", value: 9 }] });
    predict("03.a", null, { claim: "03.c" });
    expect(lastCard(host)).toMatchObject({ state: "guessed" });
    expect(lastCard(host).body).toContain("Your guess from before: **9**");
    expect(host.written).toEqual([]);
  });

  test.each([NaN, "12"])("refuses a guess that is no number: %s", async (guess) => {
    await chapterWith();
    expect(() => {
      predict("03.a", guess as number, { claim: "03.c" });
    }).toThrow(`predict 03.a: expected a number (your guess) or null (none yet), got ${String(guess)}`);
  });
});

describe("claim", () => {
  const measured = { says: "It shrinks.", unit: "powers of ten", atLeast: 8 } as const;

  test("holds where the interval over seeds lies beyond the bound and the control's does not", async () => {
    const { host } = await chapterWith();
    await claim("03.c", { ...measured, values: [17, 18, 18], control: () => Promise.resolve([0, 0.1, 0]) });
    // t(0.975, 2) = 4.303: 17.67 ± 4.303 × 0.5774 / √3 = 17.67 ± 1.43.
    expect(lastCard(host)).toMatchObject({ kind: "claim", title: "It shrinks.", state: "holds", tone: "good" });
    expect(lastCard(host).body).toContain("**17.7 ± 1.4 powers of ten (3 seeds)**, asked: at least 8.");
    expect(host.shown.at(-1)!.options.metadata).toEqual({
      deepen: { claim: { id: "03.c", state: "holds", mean: 17.67, control: 0.03333, bound: 8, share: 0.4528 } },
    });
    expect(host.written).toMatchObject([{ kind: "claim", id: "03.c", state: "holds" }]);
  });

  test("does not hold where the mean is beyond the bound but the interval is not", async () => {
    const { host } = await chapterWith();
    await claim("03.c", { ...measured, values: [5, 9, 13], control: () => [0, 0, 1] });
    expect(lastCard(host)).toMatchObject({ state: "does not hold", tone: "bad" });
    expect(lastCard(host).body).toContain("which it does not reach");
  });

  test("does not hold where the control reaches the bound too", async () => {
    const { host } = await chapterWith();
    await claim("03.c", { ...measured, values: [17, 18, 18], control: () => [17, 18, 19] });
    expect(lastCard(host)).toMatchObject({ state: "does not hold" });
    expect(lastCard(host).body).toContain("no evidence for the cause");
  });

  test("judges an upper bound from the other side", async () => {
    const { host } = await chapterWith();
    const upper = { says: "Few die.", unit: "share", atMost: 0.1 } as const;
    await claim("03.d", { ...upper, values: [0.03, 0.04, 0.03], control: () => [0.9, 1, 0.9] });
    expect(lastCard(host)).toMatchObject({ state: "holds" });
    await claim("03.d", { ...upper, values: [0.03, 0.14, 0.03], control: () => [0.9, 1, 0.9] });
    expect(lastCard(host)).toMatchObject({ state: "does not hold" });
  });

  test.each([NaN, Infinity])("does not take %s for an effect", async (odd) => {
    const { host } = await chapterWith();
    await claim("03.c", { ...measured, values: [17, odd, 18], control: () => [0, 0, 1] });
    expect(lastCard(host)).toMatchObject({ state: "does not hold" });
    expect(lastCard(host).body).toContain("1 value of 3 not finite");
  });

  test("is not judged with two seeds, nor in the smoke profile", async () => {
    const two = await chapterWith();
    await claim("03.c", { ...measured, values: [17, 18], control: () => [0, 1] });
    expect(lastCard(two.host)).toMatchObject({ state: "not judged", tone: "neutral" });
    const smoke = await chapterWith({ settings: { profile: "smoke" } });
    await claim("03.c", { ...measured, values: [17, 18, 19], control: () => [0, 1, 2] });
    expect(lastCard(smoke.host)).toMatchObject({ state: "not judged" });
  });

  test.each([
    [
      { ...measured, values: [1], control: () => [0, 0] },
      "claim 03.c: values: expected one number per seed, at least 2",
    ],
    [
      { ...measured, values: [1, 2], control: () => [0] },
      "claim 03.c: control: expected one number per seed, at least 2",
    ],
    [{ ...measured, atLeast: NaN, values: [1, 2], control: () => [0, 0] }, "expected one finite bound"],
  ])("refuses malformed measurements", async (options, message) => {
    await chapterWith();
    await expect(claim("03.c", options)).rejects.toThrow(message);
  });

  test("all claims of a chapter stand in one table", async () => {
    const { host, claims } = await chapterWith();
    await claim("03.c", { ...measured, values: [17, 18, 18], control: () => [0, 0.1, 0] });
    await claim("03.d", { ...measured, says: "a | b", values: [1, 2, 1], control: () => [0, 0.1, 0] });
    claims();
    expect(lastCard(host)).toMatchObject({ kind: "claim", id: "03", state: "1 of 2 claims hold", tone: "bad" });
    expect(lastCard(host).body).toContain("| It shrinks. | 17.7 ± 1.4 powers of ten (3 seeds) | holds |");
    expect(lastCard(host).body).toContain("| a \\| b |");
  });
});

describe("check, hint and solution", () => {
  test("a stub is not done, costs no attempt and opens no hint", async () => {
    const { host } = await chapterWith();
    await check("03.1", () => todo("03.1"));
    expect(lastCard(host)).toMatchObject({ kind: "exercise", state: "not done", tone: "neutral" });
    expect(host.written).toEqual([]);
    hint("03.1");
    expect(lastCard(host).body).toContain("opens after your first attempt");
    solution("03.1");
    expect(lastCard(host)).toMatchObject({ state: "no attempt yet" });
  });

  test("one hint opens with each new attempt, an answer given twice is one attempt", async () => {
    const { host } = await chapterWith();
    await check("03.1", (n: number) => 2 / n);
    await check("03.1", (n: number) => 2 / n);
    expect(lastCard(host)).toMatchObject({ state: "not yet right", tone: "warn" });
    expect(lastCard(host).body).toContain("*1 attempt.*");
    expect(lastCard(host).actions).toEqual([
      { label: "Hint 1", code: 'require("deepen").lesson.hint("03.1")' },
      { label: "Solution", code: 'require("deepen").lesson.solution("03.1")' },
    ]);
    hint("03.1");
    expect(lastCard(host).title).toBe("Keep the variance: hint 1 of 3");
    hint("03.1");
    expect(lastCard(host).title).toBe("Keep the variance: hint 1 of 3");
    await check("03.1", (n: number) => 1 / n);
    expect(lastCard(host).details).toEqual([{ summary: "Hint 1", body: "The idea." }]);
    hint("03.1");
    expect(lastCard(host).body).toContain("The formula.");
    expect(lastCard(host).details).toEqual([{ summary: "Hint 1", body: "The idea." }]);
  });

  test("the solution comes after an attempt, or by force", async () => {
    const { host } = await chapterWith();
    solution("03.1", { force: true });
    expect(lastCard(host).body).toContain("```typescript\nreturn Math.sqrt(2 / fanIn);\n```\n\nReLU throws half");
    await check("03.2", () => []);
    solution("03.2");
    expect(lastCard(host)).toMatchObject({ state: "solution" });
    expect(host.written.map(({ kind }) => kind)).toEqual(["solution", "check", "solution"]);
  });

  test("a right answer passes and offers the solution for comparison", async () => {
    const { host } = await chapterWith();
    await check("03.1", (n: number) => Math.sqrt(2 / n));
    expect(lastCard(host)).toMatchObject({ state: "passed", tone: "good" });
    expect(lastCard(host).actions).toMatchObject([{ label: "Compare with the solution" }]);
  });

  test("throws in graded runs alone, after showing the card", async () => {
    const { host } = await chapterWith({ settings: { graded: "1" } });
    await expect(check("03.1", (n: number) => 2 / n)).rejects.toThrow(
      "exercise 03.1 not yet right: That is the variance.",
    );
    await expect(check("03.1", () => todo("03.1"))).rejects.toThrow("exercise 03.1 not done");
    expect(host.cards()).toHaveLength(2);
    await expect(check("03.1", keepVariance.solution)).resolves.toBeUndefined();
  });

  test("names the exercises there are where one is unknown", async () => {
    const { host } = await chapterWith();
    await check("03.9", 1);
    expect(lastCard(host).body).toBe("This chapter has no exercise `03.9`: it has 03.1, 03.2, 03.3, 03.4, 03.5.");
    expect(() => {
      hint("03.9");
    }).toThrow("hint: This chapter has no exercise `03.9`");
  });

  test("says so where the exercise itself is broken, and does not throw", async () => {
    const broken = { ...keepVariance, random: () => JSON.parse("{") as [number] };
    const { host } = await chapterWith({ exercises: [broken] });
    await check("03.1", () => 1);
    expect(lastCard(host).body).toContain("our fault and not yours: `SyntaxError");
  });
});

test("recall asks the chapter's questions with folded answers, and knows only the chapter that has begun", async () => {
  const { host } = await chapterWith();
  recall("03");
  expect(lastCard(host)).toMatchObject({ kind: "recall", id: "03", state: "1 question" });
  expect(host.shown.at(-1)!.bundle["text/markdown"]).toContain(
    "<details><summary>What shrinks?</summary>\n\nThe deltas, by $\\sigma' \\le 1/4$ a layer.\n\n</details>",
  );
  expect(() => {
    recall("04");
  }).toThrow("recall: expected the chapter that has begun (03), got 04");
});

test("a full disk is told once, and everything else goes on", async () => {
  const { host } = await chapterWith({ appendError: new Error("ENOSPC: no space left on device") });
  await check("03.1", (n: number) => 2 / n);
  await check("03.1", () => 0);
  const notes = host.shown.filter(({ bundle }) => String(bundle["text/plain"]).includes("ENOSPC"));
  expect(notes).toHaveLength(1);
  hint("03.1");
  expect(lastCard(host).title).toContain("hint 1 of 3");
});

test("two runs of the same chapter show the same, to the letter", async () => {
  const run = async (): Promise<string> => {
    const { host, seeds, claims } = await chapterWith();
    predict("03.a", 3, { claim: "03.c" });
    const values = await seeds(3, (seed) => 17 + (seed % 100) / 100);
    await claim("03.c", { says: "It shrinks.", values, unit: "", atLeast: 8, control: () => [0, 0, 1] });
    for (const exercise of allExercises) await check(exercise.id, () => 1);
    claims();
    recall("03");
    return JSON.stringify(host.shown);
  };
  expect(await run()).toBe(await run());
});
