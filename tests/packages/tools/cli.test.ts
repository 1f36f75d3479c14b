import { spawnSync } from "node:child_process";
import path from "node:path";
import { repository, sampleCourse, type SampleCourse } from "./sampleCourse";

const main = path.join(repository, "packages", "tools", "dist", "main.js");

describe("the deepen command", () => {
  let course: SampleCourse;
  beforeAll(() => {
    course = sampleCourse();
    course.source("03-vanishing-gradients.nb.ts", '// %% [markdown] {"id": "title"}\n// # 03 · Vanishing gradients\n');
  });
  afterAll(() => {
    course.remove();
  });

  const deepen = (...values: string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...values], {
      cwd: course.root,
      encoding: "utf8",
    });
    return { status, text: stdout + stderr };
  };

  test("explains itself", () => {
    const { status, text } = deepen("notebooks", "--help");
    expect(status).toBe(0);
    for (const word of [
      "--check",
      "--edition",
      "--out",
      "--watch",
      "--profile",
      "--no-run",
      "--seed",
      "DEEPEN_CHROMIUM",
    ]) {
      expect(text).toContain(word);
    }
  });

  test.each([
    [["notebooks", "--chekc"], /unknown option '--chekc'[^]*Did you mean --check\?[^]*Usage: deepen notebooks/],
    [["start", "--opne"], /unknown option '--opne'[^]*Usage: deepen start/],
    [["start", "--port", "http"], /Expected a number from 0 to 65535/],
    [["serve"], /unknown command 'serve'[^]*Usage: deepen/],
    [["notebooks", "vanish"], /There is no chapter "vanish"\. Did you mean 03-vanishing-gradients\?/],
    [["notebooks", "--edition", "student"], /Allowed choices are learner, teacher/],
    [["notebooks", "--edition", "teacher"], /expected --out with another folder/],
    [["notebooks", "--edition", "teacher", "--out", "notebooks"], /expected --out with another folder/],
    [["notebooks", "--no-run"], /--no-run only compares: it needs --check/],
    [["notebooks", "--check", "--watch"], /expected one of them/],
    [["notebooks", "--check", "--profile", "smoke"], /leave out --profile smoke/],
    [["notebooks", "--seed", "seven"], /Expected an integer from 0/],
    [["notebooks", "--seed", "7", "--check"], /'--seed <N>' cannot be used with option '--check'/],
    [["notebooks", "--seed", "7", "--out", "x"], /'--seed <N>' cannot be used with option '--out <DIR>'/],
  ])("%j ends with 2 and says what is wrong", (values, message) => {
    const { status, text } = deepen(...values);
    expect(text).toMatch(message);
    expect(status).toBe(2);
  });

  test("ends with 1 where --check finds a notebook missing", () => {
    const { status, text } = deepen("notebooks", "--check", "--no-run");
    expect(text).toContain("notebooks/03-vanishing-gradients.ipynb is missing or malformed");
    expect(status).toBe(1);
  });
});
