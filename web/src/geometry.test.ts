import type { Polygon } from 'geojson';
import { expect, test } from 'vitest';
import { between, frame, holds, pointOn } from './geometry';

const square: Polygon = { type: 'Polygon', coordinates: [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]] };
const horseshoe: Polygon = { type: 'Polygon', coordinates: [[[0, 0], [6, 0], [6, 6], [4, 6], [4, 2], [2, 2], [2, 6], [0, 6], [0, 0]]] };
const ring: Polygon = { type: 'Polygon', coordinates: [...square.coordinates, [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]] };

test('the frame of several shapes holds them all', () => {
  expect(frame([square, { type: 'Point', coordinates: [-1, 9] }, null])).toEqual([-1, 0, 4, 9]);
  expect(frame([null])).toBeNull();
});

test.each([['a square', square], ['a horseshoe', horseshoe], ['a ring', ring]])('the point for a name lies inside %s', (_, shape) => {
  expect(holds(shape, pointOn(shape)!)).toBe(true);
});

test('a hole is not inside', () => {
  expect(holds(ring, [2, 2])).toBe(false);
  expect(holds(ring, [0.5, 2])).toBe(true);
});

test('the largest part of a shape carries its name', () => {
  const small = [[[10, 10], [10.1, 10], [10.1, 10.1], [10, 10.1], [10, 10]]];
  expect(holds(square, pointOn({ type: 'MultiPolygon', coordinates: [small, square.coordinates] })!)).toBe(true);
});

test('a connecting line runs edge to edge, not between centres', () => {
  const far: Polygon = { type: 'Polygon', coordinates: [[[6, 1], [9, 1], [9, 3], [6, 3], [6, 1]]] };
  const [a, b] = between(square, far);
  expect(a[0]).toBeCloseTo(4);
  expect(b[0]).toBeCloseTo(6);
  const [p, q] = between({ type: 'Point', coordinates: [7, 2] }, square);
  expect(p).toEqual([7, 2]);
  expect(q).toEqual([4, 2]);
});
