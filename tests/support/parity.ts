/** What the browser's test page and Node both run: the bits of the weights tell whether they computed the same. */

type Deepen = typeof import("../../lib/src/index");

/**
 * Trains some nets for a few steps and returns the SHA-256 of their weights, in hexadecimal: chapter 03's sigmoid net
 * without and ReLU net with batch normalisation, 20 weight layers of 64 units each; a convolutional net on images, a
 * residual one on signals.
 */
export async function weightsAfterTraining({ data, nn, train }: Deepen): Promise<string[]> {
  const images = (await data.mnist()).train.take(512);
  const signals = data.mnist1d({ count: 500 }).train;
  const mlp = { depth: 20, width: 64, seed: 3 };
  const nets = [
    { model: nn.mlp({ ...mlp, activation: "sigmoid", norm: "none", init: "glorotUniform" }), examples: images },
    { model: nn.mlp({ ...mlp, activation: "relu", norm: "batch", init: "heNormal" }), examples: images },
    {
      model: nn.convNet({ inputShape: [28, 28, 1], depth: 4, channels: 7, strides: [2, 1, 2], skip: true, seed: 3 }),
      examples: images,
    },
    { model: nn.resNet({ inputShape: [40, 1], depth: 8, channels: 5, seed: 3 }), examples: signals },
  ];
  const hashes: string[] = [];
  for (const { model, examples } of nets) {
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
