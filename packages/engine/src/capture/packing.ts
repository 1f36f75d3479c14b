import type { Block } from "./recording";

/** Where a block is used, among the calls of a step. */
export interface Use {
  readonly block: Block;
  first: number;
  last: number;
}

/** Offsets of blocks in one piece of memory, and how long that must be. */
export interface Packing {
  readonly offsets: ReadonlyMap<Block, number>;
  readonly bytes: number;
}

/** The block that each address lies in. */
export function blockFinder(blocks: readonly Block[]): (address: number) => Block | undefined {
  const sorted = [...blocks].sort((a, b) => a.address - b.address);
  return (address) => {
    let [low, high] = [0, sorted.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const block = sorted[middle];
      if (address < block.address) high = middle - 1;
      else if (address >= block.address + block.size) low = middle + 1;
      else return block;
    }
    return undefined;
  };
}

/**
 * Places blocks so that two lie over each other only if no call comes between the first and the last use of both: largest
 * first, each into the smallest gap that it fits.
 */
export function pack(uses: readonly Use[]): Packing {
  const placed: (Use & { readonly offset: number })[] = [];
  let bytes = 0;
  for (const use of [...uses].sort((a, b) => b.block.size - a.block.size || a.first - b.first)) {
    const { size } = use.block;
    const offset = smallestGap(
      placed.filter((other) => other.first <= use.last && use.first <= other.last),
      size,
    );
    placed.push({ ...use, offset });
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets: new Map(placed.map(({ block, offset }) => [block, offset])), bytes };
}

function smallestGap(neighbours: readonly { readonly block: Block; readonly offset: number }[], size: number): number {
  let [end, best, bestGap] = [0, -1, Infinity];
  for (const { block, offset } of [...neighbours].sort((a, b) => a.offset - b.offset)) {
    const gap = offset - end;
    if (gap >= size && gap < bestGap) [best, bestGap] = [end, gap];
    end = Math.max(end, offset + block.size);
  }
  return best >= 0 ? best : end;
}
