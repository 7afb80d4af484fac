import { expect, test } from 'vitest';
import { rowOf, shareOf, sorted } from './ranking';
import type { Feature, Value } from './types';

const feature = (id: string, properties: Record<string, Value>): Feature => ({ type: 'Feature', id, properties, geometry: null });
const rows = [
  feature('b', { rank: 1, water_rate: 95, water_pass: true, task: 10, accepted: 9, open: 0, overdue: 0 }),
  feature('a', { rank: 2, water_rate: null, water_pass: null, task: 0, accepted: 0, open: 3, overdue: 1 }),
  feature('c', { rank: null, water_rate: 80, water_pass: false, task: 10, accepted: 2, open: 3, overdue: 2 }),
].map(rowOf);
const ids = (order: Parameters<typeof sorted>[1]): string => sorted(rows, order, (row) => row.id).map((row) => row.id).join('');

test('the worst come first, and what is not known last', () => {
  expect([ids('rank'), ids('name'), ids('water'), ids('toilets'), ids('open')]).toEqual(['bac', 'abc', 'cba', 'cba', 'cab']);
});

test('of nothing there is no share', () => {
  expect(rows.map(shareOf)).toEqual([90, null, 20]);
  expect(rows[1]!.rates[0]).toEqual({ percent: null, pass: null });
});
