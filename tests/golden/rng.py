"""Streams of lib/src/math/rng.ts, written a second time from the papers: MurmurHash3 (x86, 32 bits), xoshiro128**."""
import json
import math
import pathlib
import platform
import struct

MASK = 0xFFFFFFFF


def rotate(word, bits):
    return ((word << bits) | (word >> (32 - bits))) & MASK


def murmur3(data, seed):
    state = seed
    for (word,) in struct.iter_unpack("<I", data):
        state ^= rotate(word * 0xCC9E2D51 & MASK, 15) * 0x1B873593 & MASK
        state = (rotate(state, 13) * 5 + 0xE6546B64) & MASK
    state ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        state = (state ^ (state >> shift)) * factor & MASK
    return state ^ (state >> 16)


# Published test vectors of the hash.
assert murmur3(b"test", 0) == 0xBA6BD213 and murmur3(b"test", 0x9747B28C) == 0x704B81DC


class Stream:
    def __init__(self, seed):
        data = struct.pack("<Q", seed)
        self.state = [murmur3(data, k) for k in (3, 4, 5, 6)]

    def uint32(self):
        s = self.state
        result = rotate(s[1] * 5 & MASK, 7) * 9 & MASK
        shifted = s[1] << 9 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = rotate(s[3], 11)
        return result

    def uniform(self):
        return ((self.uint32() >> 5 << 26) + (self.uint32() >> 6)) / 2**53

    def normals(self):
        while True:
            radius = math.sqrt(-2 * math.log(1 - self.uniform()))
            angle = 2 * math.pi * self.uniform()
            yield radius * math.cos(angle)
            yield radius * math.sin(angle)

    def permutation(self, count):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            limit = 2**32 - 2**32 % (last + 1)
            draw = self.uint32()
            while draw >= limit:
                draw = self.uint32()
            other = draw % (last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def child_seed(seed, name):
    data = struct.pack("<Q", seed) + b"".join(struct.pack("<I", ord(letter)) for letter in name)
    return (murmur3(data, 1) >> 11) * 2**32 + murmur3(data, 2)


def stream(seed):
    normals = Stream(seed).normals()
    return {
        "seed": seed,
        "uint32": [generator.uint32() for generator in [Stream(seed)] for _ in range(8)],
        "uniform": [generator.uniform() for generator in [Stream(seed)] for _ in range(4)],
        "normal": [next(normals) for _ in range(6)],
        "permutation": Stream(seed).permutation(12),
    }


seeds = [0, 1, 3, 2**32, 2**53 - 1]
names = ["weights/1", "weights/2", "epoch/0", "", "größer 🙂"]
result = {
    "madeWith": f"Python {platform.python_version()}",
    "streams": [stream(seed) for seed in seeds],
    "children": [{"seed": s, "name": n, "child": child_seed(s, n)} for s in (3, 2**40 + 7) for n in names],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
