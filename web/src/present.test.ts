import { expect, test } from 'vitest';
import { beneathOf, colorOf, pickFigures, present, reachOf } from './present';
import type { Attribute, Feature, Process } from './types';

test('named figures come first, in their order, and the rest fills up to three', () => {
  const summary = ['a', 'count', 'b', 'c'].map((name) => ({ name }));
  expect(pickFigures(summary, ['count', 'missing', 'c']).map((one) => one.name)).toEqual(['count', 'c', 'a']);
});

const attribute = (name: string, type: Attribute['type']): Attribute => ({ name, type, titles: { zh: name, en: name } });

test('an analysis that nobody has described is shown from its definition', () => {
  const unknown: Process = { id: 'new', title: '', titles: { zh: '', en: '' }, inputs: {}, fit: { fits: true }, properties: [attribute('note', 'text'), attribute('gap_m', 'float'), attribute('count', 'int')] };
  expect(present(unknown)).toMatchObject({ lead: ['gap_m'], left: ['note'], right: ['count'], overlay: 'subject' });
});

test('a site reaches in a circle only where the distance is a straight line and the aim counts who is reached', () => {
  const siting = present({ id: 'siting', properties: [] } as unknown as Process);
  expect(reachOf(siting, { measure: 'straight', model: 'mclp', reach: 500 })).toBe(500);
  expect(reachOf(siting, { measure: 'road', model: 'mclp', reach: 500 })).toBeUndefined();
  expect(reachOf(siting, { measure: 'straight', model: 'p-median', reach: 500 })).toBeUndefined();
  expect(reachOf(present({ id: 'density', properties: [] } as unknown as Process), { reach: 500 })).toBeUndefined();
});

test('beneath new sites lies the ground that is served already, asked with the same values; not where none of it is kept', () => {
  const input = (value: string | number) => ({ schema: { default: value } });
  const siting = { id: 'siting', properties: [] } as unknown as Process;
  const areas = { id: 'service-areas', properties: [], inputs: { facility: input('toilets'), measure: input('straight'), reach: input(500) }, fit: { fits: true } } as unknown as Process;
  const asked = { facility: 'waste-points', measure: 'road', reach: 300, n: 4, keep: 'yes' };
  expect(beneathOf(siting, [areas], asked)).toBe('service-areas~facility=waste-points~measure=road~reach=300');
  expect(beneathOf(siting, [areas], { facility: 'toilets', measure: 'straight', reach: 500, keep: 'yes' })).toBe('service-areas');
  expect(beneathOf(siting, [areas], { ...asked, keep: 'no' })).toBeNull();
  expect(beneathOf(siting, [], asked)).toBeNull();
  expect(beneathOf(areas, [areas], asked)).toBeNull();
});

test('villages are coloured by the class of their score, and by none where they have none', () => {
  const { classing } = present({ id: 'village-indicators', properties: [] } as unknown as Process);
  const of = (score: number): string | null => colorOf(classing!, { properties: { score } } as unknown as Feature);
  expect(new Set([59.9, 60, 70, 80, 90].map(of)).size).toBe(5);
  expect(of(69.99)).toBe(of(60));
  expect(of(100)).toBe(of(90));
});
