import { expect, test } from 'vitest';
import { lines, townwide, villagesOf } from './tallying';
import type { Feature } from './types';

const row = (event: string, unit: string | null, village: string | null, count: number, quantity: number | null, first_on: string, last_on: string, more: Feature['properties'] = {}): Feature =>
  ({ type: 'Feature', id: `${event}-${unit}-${village}`, geometry: null, properties: { event, unit, village, count, quantity, first_on, last_on, ...more } });
const plain = { layer: null, hedged: false, area: null };
const all = lines([
  row('rubbish-cleared', 'm3', '韩家洼', 2, 30, '2026-09-05', '2026-09-20'),
  row('rubbish-cleared', 'm3', '马家铺', 3, 45.5, '2026-09-01', '2026-09-10'),
  row('rubbish-cleared', 't', '马家铺', 1, 2, '2026-09-02', '2026-09-02'),
  row('visited', null, '马家铺', 4, null, '2026-09-02', '2026-10-02'),
]);

test('villages add up to the town, each unit by itself: tons are no cubic metres', () => {
  expect(townwide(all)).toEqual([
    { event: 'rubbish-cleared', unit: 'm3', village: null, count: 5, quantity: 75.5, ...plain, first: '2026-09-01', last: '2026-09-20' },
    { event: 'rubbish-cleared', unit: 't', village: null, count: 1, quantity: 2, ...plain, first: '2026-09-02', last: '2026-09-02' },
    { event: 'visited', unit: null, village: null, count: 4, quantity: null, ...plain, first: '2026-09-02', last: '2026-10-02' },
  ]);
});

test('what was only counted has a count and no quantity', () => {
  expect(townwide(all)[2]!.quantity).toBeNull();
});

test('the villages of a line are its own, the most first', () => {
  expect(villagesOf(all, townwide(all)[0]!).map((one) => one.village)).toEqual(['马家铺', '韩家洼']);
});

test('what one village hedges is hedged for the town, and areas add up beside the count', () => {
  const [sum] = townwide(lines([
    row('structures-demolished', '{place}', '韩家洼', 1, 2, '2026-09-05', '2026-09-05', { at_least: true, area_m2: 30 }),
    row('structures-demolished', '{place}', '马家铺', 1, 3, '2026-09-06', '2026-09-06', { at_least: false, area_m2: 12.5 }),
  ]));
  expect(sum).toMatchObject({ quantity: 5, hedged: true, area: 42.5 });
});

test('the same word in two layers is two lines', () => {
  const sums = townwide(lines([
    row('cleaned', null, null, 3, null, '2026-09-05', '2026-09-05', { layer: 'ponds' }),
    row('cleaned', null, null, 9, null, '2026-09-05', '2026-09-05', { layer: 'toilets' }),
  ]));
  expect(sums.map((one) => [one.layer, one.count])).toEqual([['ponds', 3], ['toilets', 9]]);
});
