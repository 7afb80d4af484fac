import { expect, test } from 'vitest';
import { curveOf, marks, shares, ticks } from './curve';

test('a curve is read off a figure, and nothing else is', () => {
  expect(curveOf([{ n: 1, share: 0.5, gap: 0 }, { n: 2, share: 0.75, gap: 0.01, mean_m: 410 }])).toHaveLength(2);
  expect(curveOf(3)).toEqual([]);
  expect(curveOf(['a', null])).toEqual([]);
});

test('steps are round and hold the highest', () => {
  expect(ticks(870)).toEqual([0, 500, 1000]);
  expect(ticks(400)).toEqual([0, 100, 200, 300, 400]);
  expect(ticks(0)).toEqual([0]);
});

test('numbers below the axis stand apart', () => {
  expect(marks(3)).toEqual([1, 2, 3]);
  expect(marks(15)).toEqual([1, 2, 4, 6, 8, 10, 12, 14]);
  expect(marks(50)).toEqual([1, 10, 20, 30, 40, 50]);
});

test('an axis of shares begins below the lowest and ends at all', () => {
  const told = (lowest: number): number[] => shares(lowest).map((one) => Math.round(one * 100));
  expect(told(0.886)).toEqual([85, 90, 95, 100]);
  expect(told(0.3)).toEqual([25, 50, 75, 100]);
  expect(told(0)).toEqual([0, 25, 50, 75, 100]);
  expect(told(1)).toEqual([98, 100]);
});
