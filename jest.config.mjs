/** @type {import("jest").Config} */
export default {
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  setupFiles: ["<rootDir>/tests/support/properties.ts"],
  testEnvironment: "node",
  transform: { "^.+\\.tsx?$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  modulePathIgnorePatterns: ["<rootDir>/work/", "<rootDir>/.cache/"],
  testTimeout: 60_000,
  maxWorkers: 2,
};
