import { expect, test } from 'vitest';
import { pickFigures, present, reachOf } from './present';
import type { Attribute, Process } from './types';

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
