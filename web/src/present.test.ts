import { expect, test } from 'vitest';
import { pickFigures, present } from './present';
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
