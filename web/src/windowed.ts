// Which of many rows are in sight, when rows differ in height. Pure.

/** Where each row starts, and at the end the height of all. */
export function offsetsOf(heights: readonly number[]): number[] {
  const offsets = [0];
  for (const height of heights) offsets.push(offsets.at(-1)! + height);
  return offsets;
}

/** The row that a height falls into. */
export function rowAt(offsets: readonly number[], height: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows between two heights and a few around them: from the first up to, not with, the last. */
export function inSight(offsets: readonly number[], top: number, bottom: number, around = 6): { first: number; last: number } {
  const count = offsets.length - 1;
  if (count <= 0) return { first: 0, last: 0 };
  return { first: Math.max(0, rowAt(offsets, top) - around), last: Math.min(count, rowAt(offsets, bottom) + 1 + around) };
}
