import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "..", "..");

interface Row {
  readonly signals: string;
  readonly network: string;
  readonly parameters: number;
  readonly paper: number;
  readonly mean: number;
  readonly accuracies: readonly number[];
}

const { results } = JSON.parse(readFileSync(path.join(root, "lib", "bench", "paper.json"), "utf8")) as {
  readonly results: readonly Row[];
};

describe("the MNIST-1D paper's table, measured on this engine", () => {
  test.each([
    ["logistic", 410, 31, 32],
    ["MLP", 15_210, 63, 67],
    ["CNN", 5_210, 92, 95],
  ])("%s: a network of %i parameters, as the authors' has, ends at %i to %i per cent", (network, size, low, high) => {
    const row = results.find((each) => each.network === network && each.signals === "as published")!;
    expect(row.parameters).toBe(size);
    expect(row.accuracies.length).toBeGreaterThanOrEqual(5);
    expect(row.mean).toBeGreaterThanOrEqual(low);
    expect(row.mean).toBeLessThanOrEqual(high);
  });

  test("where positions are shuffled, the convolutions lose their lead and the others nothing", () => {
    const mean = (signals: string, network: string): number =>
      results.find((each) => each.network === network && each.signals === signals)!.mean;
    for (const network of ["logistic", "MLP"]) {
      expect(Math.abs(mean("positions shuffled", network) - mean("as published", network))).toBeLessThan(2);
    }
    expect(mean("positions shuffled", "CNN")).toBeLessThan(mean("positions shuffled", "MLP"));
  });

  test("stands in data/README.md as it was measured", () => {
    const cells = readFileSync(path.join(root, "data", "README.md"), "utf8")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const { signals, network, parameters, paper, mean, accuracies } of results) {
      expect(cells).toContainEqual([
        "",
        signals,
        network,
        ...[parameters, paper, mean].map(String),
        accuracies.join(", "),
        "",
      ]);
    }
  });
});
