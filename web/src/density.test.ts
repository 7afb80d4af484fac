import { expect, test } from 'vitest';
import { clearFrom } from './density';
import type { Feature } from './types';

const grid = (count: number, step: number): Feature[] =>
  Array.from({ length: count }, (_, i) => ({ type: 'Feature', id: String(i), properties: {}, geometry: { type: 'Point', coordinates: [117 + (i % 20) * step, Math.floor(i / 20) * step] } }));

test('a few badges are shown from anywhere', () => {
  expect(clearFrom(grid(60, 0.0001))).toBe(0);
});

test('twice as close is one zoom later', () => {
  expect(clearFrom(grid(400, 0.0005)) - clearFrom(grid(400, 0.001))).toBeCloseTo(1, 1);
});

test('badges 11 pixels apart stand clear', () => {
  const zoom = clearFrom(grid(400, 0.001));
  expect((0.001 * 512 * 2 ** zoom) / 360).toBeCloseTo(11, 1);
});

test('badges all in one place wait for the nearest zoom', () => {
  expect(clearFrom(grid(400, 0))).toBe(17);
});
