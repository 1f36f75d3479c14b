import { isRefuted, refutation } from "./claims";
import { chooseChapters, findChapters } from "./course";
import { Failure } from "./failure";
import { execute, type Terminal } from "./notebooks";
import { prepareChapters } from "./prepare";

/** Of this many claims one may fail with a seed that its author has not seen: they hold at 95 %. */
const claimsPerFailure = 20;

/**
 * Runs the chapters that `names` mean as readers do, all from another seed, and tells which claims do not hold then.
 * Writes nothing.
 * @returns whether every chapter ran to its end and at most 1 claim in 20 failed
 * @throws Failure if a name means no chapter, or the sources have problems
 */
export async function tryClaims(
  course: string,
  names: readonly string[],
  seed: number,
  terminal: Terminal,
): Promise<boolean> {
  const count = { claims: 0, refuted: 0, broken: 0 };
  for (const prepared of prepareChapters(course, chooseChapters(findChapters(course), names))) {
    const { slug } = prepared.chapter;
    try {
      const options = { edition: "learner", profile: "normal", seed } as const;
      const { executed, seconds } = await execute(course, prepared, options, terminal);
      const { claims } = executed;
      const refuted = claims.filter(isRefuted);
      count.claims += claims.length;
      count.refuted += refuted.length;
      const holding = `${String(claims.length - refuted.length)} of ${String(claims.length)} claims hold`;
      terminal.say(`${slug}: ${holding}, ${seconds.toFixed(1)} s`);
      refuted.forEach((claim) => {
        terminal.say(`  ${refutation(claim)}`);
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      count.broken++;
      terminal.say(error.message);
    }
  }
  terminal.say(verdict(seed, count));
  return count.broken === 0 && count.refuted * claimsPerFailure <= count.claims;
}

function verdict(
  seed: number,
  { claims, refuted, broken }: { claims: number; refuted: number; broken: number },
): string {
  const failing = `With seed ${String(seed)}, ${String(refuted)} of ${String(claims)} claims do not hold`;
  const rule = `at most 1 in ${String(claimsPerFailure)} may`;
  return `${failing}; ${rule}.${broken === 0 ? "" : ` Chapters that did not run to their end: ${String(broken)}.`}`;
}
