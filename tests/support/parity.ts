/** What the browser's test page and Node both run: the bits of the weights tell whether they computed the same. */

type Deepen = typeof import("../../lib/src/index");

/**
 * Trains the chapter's deep nets for a few steps and returns the SHA-256 of their weights, in hexadecimal:
 * one sigmoid net without and one ReLU net with batch normalisation, 20 weight layers of 64 units each.
 */
export async function weightsAfterTraining({ data, nn, train }: Deepen): Promise<string[]> {
  const examples = (await data.mnist()).train.take(512);
  const nets = [
    { activation: "sigmoid", norm: "none", init: "glorotUniform" },
    { activation: "relu", norm: "batch", init: "heNormal" },
  ] as const;
  const hashes: string[] = [];
  for (const net of nets) {
    const model = nn.mlp({ depth: 20, width: 64, seed: 3, ...net });
    const optimizer = { kind: "adam", learningRate: 1e-3 } as const;
    await train.fit(model, examples, { steps: 12, batchSize: 64, optimizer, seed: 3 });
    const weights = model.getWeights().map((weight) => new Float32Array(weight.dataSync()));
    hashes.push(await digest(weights));
    model.dispose();
  }
  return hashes;
}

async function digest(arrays: readonly Float32Array[]): Promise<string> {
  const all = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    all.set(array, offset);
    offset += array.length;
  }
  const hash = await globalThis.crypto.subtle.digest("SHA-256", all);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
