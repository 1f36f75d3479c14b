import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { findCourse } from "./course";
import { Failure } from "./failure";
import type { NotebooksRequest, Terminal } from "./notebooks";

/**
 * The `deepen` command: parses its arguments and runs what they ask for; throws CommanderError or Failure.
 * What a subcommand needs is loaded when it runs: a wrong flag is answered at once.
 */
export function program(): Command {
  const deepen = new Command("deepen")
    .description("Serve the course, build its notebooks, run its long sweeps.")
    .showHelpAfterError()
    .exitOverride();
  deepen
    .command("start")
    .description("Serve the course on this machine and open it in the browser.")
    .option("--no-open", "do not open the browser (nor in CI, nor without a display)")
    .option("--port <N>", "serve on this port, or the next free one (default: 8800; 0 for any)", portNumber)
    .addHelpText("after", "\nWhat you change is saved in work/; Ctrl-C stops the server and its kernels.")
    .action(async (options: { open: boolean; port?: number }) => {
      const course = findCourse(process.cwd());
      const { startCourse } = await import("./start.js");
      await startCourse(course, { open: options.open, port: options.port }, say, interrupted());
    });
  deepen
    .command("notebooks")
    .description(
      "Build the chapters' notebooks from notebooks/src/NN-slug.nb.ts: check types, run every cell, judge claims, draw figures.",
    )
    .argument("[chapter...]", "NN or NN-slug (default: every chapter)")
    .option("--check", "write nothing: fail where a notebook is not what its source builds")
    .option("--no-run", "with --check: compare sources only, run nothing")
    .addOption(
      new Option("--edition <edition>", "learner: stubs; teacher: solutions and teacher cells (needs --out)")
        .choices(["learner", "teacher"])
        .default("learner"),
    )
    .option("--out <DIR>", "write (or check) there instead of notebooks/")
    .option("--watch", "build a chapter again whenever its source or its exercises change")
    .addOption(
      new Option(
        "--profile <profile>",
        "normal: what is committed; smoke: seconds, claims not judged, written only with --out",
      )
        .choices(["normal", "smoke"])
        .default("normal"),
    )
    .addOption(
      new Option("--seed <N>", "run with another seed, write nothing, tell which claims fail: at most 1 in 20 may")
        .argParser(seedNumber)
        .conflicts(["check", "run", "edition", "out", "watch", "profile"]),
    )
    .addHelpText("after", notebooksHelp)
    .action(runNotebooks);
  deepen
    .command("records")
    .description(
      "Run the sweeps that chapters ask for in notebooks/src/NN-slug.records.ts; write data/records/NN-name.json.",
    )
    .argument("[chapter...]", "NN or NN-slug (default: every chapter)")
    .addOption(
      new Option(
        "--verify <N>",
        "write nothing: compare the records with the chapters, run N of their experiments anew",
      ).argParser(countNumber),
    )
    .addHelpText("after", "\nExperiments that the same code has run before are not run again, but with --verify.")
    .action(runRecords);
  return deepen;
}

async function runRecords(names: string[], { verify }: { readonly verify?: number }): Promise<void> {
  const course = findCourse(process.cwd());
  const [{ verifyRecords, writeRecords }, { progressOn }] = await Promise.all([
    import("./records.js"),
    import("./progress.js"),
  ]);
  const terminal: Terminal = { say, progress: progressOn(process.stdout, "experiments") };
  void interrupted().then(() => {
    terminal.progress.end();
    process.exit(130); // What was finished is kept.
  });
  const good = await (verify === undefined
    ? writeRecords(course, names, terminal)
    : verifyRecords(course, names, verify, terminal));
  process.exit(good ? 0 : 1); // Threads of the sweep may still be there.
}

const notebooksHelp = `
A figure's PNG is drawn by a Chromium (DEEPEN_CHROMIUM, or one on the PATH) and kept while the figure stays the same.
Ends with 1 if a source has problems, a cell fails, a claim does not hold (with --seed: more than 1 claim in 20),
a notebook is over 1.5 MB or --check finds a difference; with 2 if the command line is wrong.`;

interface NotebooksOptions extends Omit<NotebooksRequest, "check" | "out"> {
  readonly check?: true;
  readonly out?: string;
  readonly watch?: true;
  readonly seed?: number;
}

async function runNotebooks(names: string[], options: NotebooksOptions): Promise<void> {
  const course = findCourse(process.cwd());
  const { edition, profile, run, out, check = false, seed } = options;
  refuseContradictions(options, course);
  const [{ buildNotebooks }, { progressOn }] = await Promise.all([import("./notebooks.js"), import("./progress.js")]);
  const request = { edition, profile, run, out, check };
  const terminal: Terminal = { say, progress: progressOn(process.stdout) };
  const ending = new AbortController();
  void interrupted().then(() => {
    ending.abort();
    terminal.progress.end(); // The bar gives the terminal back as it was.
    process.exit(options.watch === undefined ? 130 : 0); // A kernel in the middle of a cell ends with its parent.
  });
  const build = async (chapters: readonly string[]): Promise<boolean> => {
    if (seed === undefined) return buildNotebooks(course, chapters, request, terminal);
    const { tryClaims } = await import("./trial.js");
    return tryClaims(course, chapters, seed, terminal);
  };
  if (options.watch === undefined) {
    if (!(await build(names))) process.exitCode = 1;
    return;
  }
  await build(names).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.exitCode === 2) throw error;
    say(error.message);
  });
  const { watchChapters } = await import("./watch.js");
  await watchChapters(course, names, (slug) => build([slug]), say, ending.signal);
}

function refuseContradictions({ check, run, edition, out, watch, profile }: NotebooksOptions, course: string): void {
  const refuse = (message: string): never => {
    throw new Failure(`${message}\nSee: deepen notebooks --help`, 2);
  };
  const committed = out === undefined || path.resolve(out) === path.join(course, "notebooks");
  if (check !== true && !run) refuse("--no-run only compares: it needs --check.");
  if (check === true && watch === true) refuse("--watch builds, --check does not: expected one of them.");
  if (check === true && profile === "smoke")
    refuse("--check compares with notebooks of the normal profile: leave out --profile smoke.");
  if (edition === "teacher" && committed) {
    refuse("--edition teacher would overwrite the learner's notebooks: expected --out with another folder.");
  }
  if (profile === "smoke" && out !== undefined && committed) {
    refuse("--profile smoke would overwrite the course's notebooks: expected --out with another folder.");
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return port;
}

function countNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("Expected a positive integer.");
  return Number(text);
}

function seedNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("Expected an integer from 0.");
  return Number(text);
}

/** Resolves at the first Ctrl-C (or SIGTERM); the second ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

function say(line: string): void {
  console.log(line);
}
