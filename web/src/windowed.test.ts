import { expect, test } from 'vitest';
import { inSight, offsetsOf, rowAt } from './windowed';

const offsets = offsetsOf([30, 60, 60, 30, 60]);

test('rows start where those before them end', () => {
  expect(offsets).toEqual([0, 30, 90, 150, 180, 240]);
});

test('a height falls into one row, its edge into the next', () => {
  expect([-5, 0, 29, 30, 89, 90, 239, 500].map((at) => rowAt(offsets, at))).toEqual([0, 0, 0, 1, 1, 2, 4, 4]);
});

test('no row in sight is left out', () => {
  for (let top = 0; top < 240; top += 7) {
    const { first, last } = inSight(offsets, top, top + 50, 0);
    const seen = offsets.slice(0, -1).map((start, i) => [start, offsets[i + 1]!] as const).flatMap(([start, end], i) => (end > top && start < top + 50 ? [i] : []));
    expect(seen.every((i) => i >= first && i < last)).toBe(true);
  }
});

test('without rows none is in sight', () => {
  expect(inSight(offsetsOf([]), 0, 600)).toEqual({ first: 0, last: 0 });
});
