// Philox4x32-10: four random words from a counter and a key. Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers:
// as easy as 1, 2, 3".

/**
 * out = `count` numbers uniform in [0, 1), multiples of 2^-24. The state is the key and the counter, two words each; next
 * is the state after them.
 */
export function randomUniform(state: usize, out: usize, next: usize, count: i32): void {
  const key0 = load<u32>(state), key1 = load<u32>(state, 4);
  let counter: u64 = <u64>load<u32>(state, 8) | (<u64>load<u32>(state, 12) << 32);
  for (let i = 0; i < count; i += 4) {
    let a: u32 = <u32>counter, b: u32 = <u32>(counter >> 32), c: u32 = 0, d: u32 = 0;
    let k0 = key0, k1 = key1;
    for (let round = 0; round < 10; round++) {
      const first = <u64>a * 0xD2511F53, second = <u64>c * 0xCD9E8D57;
      a = <u32>(second >> 32) ^ b ^ k0;
      b = <u32>second;
      c = <u32>(first >> 32) ^ d ^ k1;
      d = <u32>first;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    store<f32>(out, unit(a));
    if (i + 1 < count) store<f32>(out, unit(b), 4);
    if (i + 2 < count) store<f32>(out, unit(c), 8);
    if (i + 3 < count) store<f32>(out, unit(d), 12);
    out += 16;
    counter++;
  }
  store<u32>(next, key0);
  store<u32>(next, key1, 4);
  store<u32>(next, <u32>counter, 8);
  store<u32>(next, <u32>(counter >> 32), 12);
}

// @ts-ignore: decorator
@inline
function unit(word: u32): f32 {
  return <f32>(word >> 8) * 5.9604644775390625e-8;
}
