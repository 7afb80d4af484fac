import { expect, test } from 'vitest';
import { blank, toDraft } from './drafting';
import type { EventKind, Feature } from './types';

const today = '2026-11-22';
const titles = { zh: '', en: '' };
const event: EventKind = { id: 'cleaned', titles, kinds: ['waterbody'], units: ['m3', 't'], fields: [{ name: 'outfalls', type: 'int', titles, range: [0, 10] }] };
const pond: Feature = { type: 'Feature', id: 'p', geometry: null, properties: { outfalls: 2 } };
const filled = blank(event, pond, today);

test('an untouched form is an event of today, with what the feature says already', () => {
  expect(toDraft(event, filled, today)).toEqual({ faults: null, draft: { event: 'cleaned', fields: { outfalls: 2 } } });
});

test('a day of the past is said, and a day to come refused', () => {
  expect(toDraft(event, { ...filled, on: '2026-10-05' }, today).draft).toMatchObject({ on: '2026-10-05' });
  expect(toDraft(event, { ...filled, on: '2026-11-23' }, today).faults).toHaveProperty('$on');
  expect(toDraft(event, { ...filled, on: '' }, today).faults).toHaveProperty('$on');
});

test('a quantity has its unit and how sure it is; none is none', () => {
  expect(toDraft(event, { ...filled, amount: ' 1,200 ', qualifier: 'approx' }, today).draft!.quantity).toEqual({ value: 1200, unit: 'm3', qualifier: 'approx' });
  expect(toDraft(event, { ...filled, amount: ' ' }, today).draft).not.toHaveProperty('quantity');
  expect(toDraft(event, { ...filled, amount: '若干' }, today).faults).toHaveProperty('$amount');
  expect(toDraft(event, { ...filled, amount: '-3' }, today).faults).toHaveProperty('$amount');
});

test('photos count once they are at the server', () => {
  const shot = { key: 'a', preview: '', fault: null };
  const evidence = { id: 'abc', media_type: 'image/jpeg', url: '', thumbnail: '' };
  expect(toDraft(event, { ...filled, shots: [{ ...shot, evidence }, { ...shot, key: 'b', evidence: null }] }, today).draft!.evidence).toEqual(['abc']);
});

test('every fault is named at once', () => {
  const { faults } = toDraft(event, { ...filled, amount: 'x', fields: { outfalls: '11' } }, today);
  expect(Object.keys(faults!).sort()).toEqual(['$amount', 'outfalls']);
});
