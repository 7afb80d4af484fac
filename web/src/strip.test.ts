import { expect, test } from 'vitest';
import { markEvery, sectionsOf, spanOf } from './strip';
import type { Feature } from './types';

const half = (id: string, from_m: number, to_m: number, more: Feature['properties'] = {}): Feature => ({
  type: 'Feature', id, geometry: null,
  properties: { from_m, to_m, side: id.endsWith('L') ? 'left' : 'right', basis: 'parcels', issues: 0, unsigned: 0, unpatrolled: true, ...more },
});

// A road from K8+900 over a short chain: K9+000 goes on as K9+060.
const rows = [
  half('G112:1:000100:R', 9060, 9100),
  half('G112:1:000000:L', 8900, 9000, { issues: 2, unpatrolled: false }),
  half('G112:1:000140:L', 9100, 9200, { basis: 'estimated' }),
  half('G112:1:000000:R', 8900, 9000, { unsigned: 3, unpatrolled: false }),
  half('G112:1:000100:L', 9060, 9100),
];

test('rows in any order become sections along the road, side by side', () => {
  const sections = sectionsOf(rows);
  expect(sections.map((one) => [one.from, one.to, one.first])).toEqual([[0, 100, 8900], [100, 140, 9060], [140, 240, 9100]]);
  expect(sections[0]!.halves.map((one) => [one?.issues, one?.unsigned])).toEqual([[2, 0], [0, 3]]);
  expect(sections[2]!.halves[1]).toBeNull();
  expect(sections.map((one) => [one.patrolled, one.estimated])).toEqual([[true, false], [false, false], [false, true]]);
  expect(spanOf(sections)).toBe(240);
});

test('stones stand where the count says, and nothing stands where numbers are left out', () => {
  const sections = sectionsOf(rows);
  expect(markEvery(sections, 100, 1)).toEqual([{ at: 0, text: 'K8.9' }, { at: 140, text: 'K9.1' }, { at: 240, text: 'K9.2' }]);
  expect(markEvery(sections, 100, 150)).toHaveLength(2);
});
