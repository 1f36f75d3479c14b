/** Further inputs of exercises whose random ones stay close to the given ones, far from those that the checks use: a mutant counts as different if it differs on one of these. */
export const wideInputs: Readonly<Partial<Record<string, readonly (readonly unknown[])[]>>> = {
  "03.1": [
    [[0], [], 0],
    [[3], [], -7],
    [[1, -1], [0], 5],
    [[2, 3], [-0.5], 4],
    [[0, 5, 0, 2], [1, 1, 1], 1],
    [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9], 0.5],
    [[1e8, 1e-8, 1e8], [1e-8, 1e8], 1e-3],
  ],
  "03.3": [
    [3, 0],
    [4, 0.1],
    [5, 0.9],
    [17, 1],
    [100, 2],
    [1_000_000, 0.5],
  ],
  "03.4": [[0.02], [0.2], [0.4]],
};
