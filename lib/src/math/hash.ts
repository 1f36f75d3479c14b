/**
 * 32-bit hash of a list of 32-bit words: MurmurHash3 (x86, 32 bits) of their little-endian bytes.
 *
 * @param words - integers, taken modulo 2³²
 * @param seed - integer, taken modulo 2³²
 * @returns integer in [0, 2³²)
 * @see Appleby 2011, MurmurHash3 (public domain)
 */
export function hashWords(words: Iterable<number>, seed: number): number {
  let hash = seed | 0;
  let bytes = 0;
  for (const word of words) {
    const mixed = Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    hash = (Math.imul(rotateLeft(hash ^ mixed, 13), 5) + 0xe6546b64) | 0;
    bytes += 4;
  }
  hash ^= bytes;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Rotates the 32 bits of `word` left by `bits` (1 to 31). */
export function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
