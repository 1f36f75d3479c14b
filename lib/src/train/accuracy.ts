/**
 * How many rows have their largest number at their class; a row without a largest number (all NaN) counts as wrong.
 *
 * @param outputs - `[N, K]`, row after row
 * @param classes - one-hot, `[N, K]`, row after row
 */
export function countRight(outputs: ArrayLike<number>, classes: ArrayLike<number>, width: number): number {
  let right = 0;
  for (let start = 0; start < outputs.length; start += width) {
    let best = -1;
    let largest = -Infinity;
    for (let column = 0; column < width; column++) {
      if (outputs[start + column] > largest) {
        largest = outputs[start + column];
        best = column;
      }
    }
    if (best >= 0 && classes[start + best] === 1) right++;
  }
  return right;
}
