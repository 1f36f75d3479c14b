/** Position in UTF-16 units (as JavaScript counts) of the code point at `position` (as Jupyter counts). */
export function fromCodePoints(text: string, position: number): number {
  let units = 0;
  let points = 0;
  for (const character of text) {
    if (points++ === position) break;
    units += character.length;
  }
  return units;
}

/** Position in code points of the UTF-16 unit at `position`. */
export function toCodePoints(text: string, position: number): number {
  return Array.from(text.slice(0, position)).length;
}
