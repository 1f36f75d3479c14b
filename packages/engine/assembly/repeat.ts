/** Copies each of `blocks` blocks `times` times: to[block, time, :] = from[block, :]; any type, sizes in bytes. */
export function repeat(from: usize, to: usize, bytes: i32, blocks: i32, times: i32): void {
  const blockBytes = <usize>bytes;
  const total = blockBytes * <usize>times;
  for (let block = 0; block < blocks; block++) {
    let done = min(blockBytes, total);
    memory.copy(to, from, done);
    // What is there already is copied behind itself, twice as much each time.
    while (done < total) {
      const more = min(done, total - done);
      memory.copy(to + done, to, more);
      done += more;
    }
    from += blockBytes;
    to += total;
  }
}
