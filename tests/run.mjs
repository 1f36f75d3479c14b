/**
 * The whole check of the project: types, lint, format, tests. Ends with one line "N passed, N failed, N skipped".
 * Usage: node tests/run.mjs [--fast]   (--fast leaves out the tests under tests/e2e and tests/notebooks)
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

const unknown = process.argv.slice(2).filter((flag) => flag !== "--fast");
if (unknown.length > 0) {
  console.error(`Unknown argument ${unknown.join(" ")}.\nUsage: node tests/run.mjs [--fast]`);
  process.exit(2);
}
const fast = process.argv.includes("--fast");

/** Runs a package's command-line program in the project's root; true if it ended well. */
function run(packageName, program, ...args) {
  const file = path.join(path.dirname(require.resolve(`${packageName}/package.json`)), program);
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: "inherit" }).status === 0;
}
const tsc = (...args) => run("typescript", "bin/tsc", ...args);

const checks = [
  ["types: workspaces", () => tsc("--build")],
  ["types: the page", () => tsc("--project", "packages/studio/src/page")],
  ["types: lessons", () => tsc("--project", "notebooks/src")],
  ["types: tests", () => tsc("--project", "tests")],
  ["lint", () => run("eslint", "bin/eslint.js", ".", "--max-warnings", "0")],
  ["format", () => run("prettier", "bin/prettier.cjs", "--check", "--log-level", "warn", ".")],
];

let passed = 0;
let failed = 0;
const broken = [];
for (const [name, check] of checks) {
  console.log(`\n== ${name}`);
  if (check()) {
    passed += 1;
  } else {
    failed += 1;
    broken.push(name);
  }
}

console.log("\n== tests");
const folder = mkdtempSync(path.join(os.tmpdir(), "deepen-tests-"));
const report = path.join(folder, "report.json");
const slow = fast ? ["--testPathIgnorePatterns", "<rootDir>/tests/e2e/", "<rootDir>/tests/notebooks/"] : [];
run("jest", "bin/jest.js", "--json", "--outputFile", report, ...slow);
let skipped = 0;
const missing = new Map();
try {
  const results = JSON.parse(readFileSync(report, "utf8"));
  for (const file of results.testResults) {
    const name = path.relative(root, file.name);
    if (file.assertionResults.length === 0) {
      failed += 1;
      broken.push(`${name} (did not run)`);
    }
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed += 1;
      else if (test.status === "failed") {
        failed += 1;
        broken.push(`${name}: ${test.fullName}`);
      } else {
        skipped += 1;
        const tool = /\[skipped: (\w+) not found\]/.exec(test.fullName)?.[1] ?? "no reason given";
        missing.set(tool, (missing.get(tool) ?? 0) + 1);
      }
    }
  }
} catch (error) {
  failed += 1;
  broken.push(`jest wrote no report (${error.message})`);
}
rmSync(folder, { recursive: true, force: true });

console.log("");
for (const [tool, count] of missing) console.log(`skipped for want of ${tool}: ${count} tests`);
for (const name of broken) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
