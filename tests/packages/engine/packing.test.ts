import fc from "fast-check";
import { pack, type Use } from "../../../packages/engine/src/capture/packing";

const uses = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(30), fc.nat(30)).map(([lines, a, b]): Use => ({
    block: { address: 0, size: 64 * lines, constant: undefined },
    first: Math.min(a, b),
    last: Math.max(a, b),
  })),
  { maxLength: 40 },
);

test("blocks that are used at the same time never share memory, and all lie inside", () => {
  fc.assert(
    fc.property(uses, (all) => {
      const { offsets, bytes } = pack(all);
      for (const one of all) {
        const from = offsets.get(one.block)!;
        const end = from + one.block.size;
        expect(from % 64).toBe(0);
        expect(end).toBeLessThanOrEqual(bytes);
        for (const other of all) {
          const together = other !== one && other.first <= one.last && one.first <= other.last;
          const start = offsets.get(other.block)!;
          if (together) expect(end <= start || start + other.block.size <= from).toBe(true);
        }
      }
    }),
  );
});

test("blocks that follow each other take the memory of the largest", () => {
  const chain = [3, 5, 2].map((lines, index) => ({
    block: { address: index, size: 64 * lines, constant: undefined },
    first: 2 * index,
    last: 2 * index + 1,
  }));
  expect(pack(chain).bytes).toBe(5 * 64);
});
