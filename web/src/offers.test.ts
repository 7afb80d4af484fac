import { expect, test } from 'vitest';
import { needsForm, offered } from './offers';
import type { EventKind, Feature } from './types';

const titles = { zh: '', en: '' };
const event = (id: string, more: Partial<EventKind> = {}): EventKind => ({ id, titles, kinds: ['waterbody'], sets: ['cleaned'], ...more });
const feature = (properties: Feature['properties']): Feature => ({ type: 'Feature', id: 'x', geometry: null, properties });

test('a pond is offered what happens to ponds, and what happens to anything, the quick ones first', () => {
  const all = [event('noted', { kinds: ['*'] }), event('desilted'), event('cleaned', { quick: true }), event('closed', { kinds: ['farm'] })];
  expect(offered(all, 'waterbody', feature({})).map((one) => one.id)).toEqual(['cleaned', 'noted', 'desilted']);
});

test('what edits and undo write is never offered by name', () => {
  expect(offered([event('withdrawn', { kinds: ['*'], system: true })], 'waterbody', feature({}))).toEqual([]);
});

test('a transition is offered only from the states it may start from', () => {
  const all = [event('verified', { kinds: ['issue'], from: ['rectified'] }), event('noted', { kinds: ['*'] })];
  expect(offered(all, 'issue', feature({ status: 'rectified' })).map((one) => one.id)).toEqual(['verified', 'noted']);
  expect(offered(all, 'issue', feature({ status: 'found' })).map((one) => one.id)).toEqual(['noted']);
});

test('the next step comes first, whatever the order of the server; going back and aside come last', () => {
  const step = (id: string, to: string): EventKind => event(id, { kinds: ['issue'], from: ['assigned', 'rectified'], to });
  const all = [step('assigned', 'assigned'), step('suspended', 'suspended'), step('rectified', 'rectified'), step('started', 'in_progress')];
  expect(offered(all, 'issue', feature({ status: 'assigned' })).map((one) => one.id)).toEqual(['started', 'rectified', 'assigned', 'suspended']);
  const back = [step('returned', 'assigned'), step('verified', 'verified')];
  expect(offered(back, 'issue', feature({ status: 'rectified' })).map((one) => one.id)).toEqual(['verified', 'returned']);
});

test('one tap is enough for what sets something of itself', () => {
  expect(needsForm(event('cleaned', { units: ['m3'] }))).toBe(false);
  expect(needsForm(event('registered', { from: ['found'] }))).toBe(false);
});

test('one tap is not enough where a field, a proof or the count itself is wanted', () => {
  expect(needsForm(event('inspected', { fields: [{ name: 'result', type: 'code', titles }] }))).toBe(true);
  expect(needsForm(event('rectified', { needs_proof: true }))).toBe(true);
  expect(needsForm(event('rubbish-cleared', { units: ['m3', 't'], sets: [] }))).toBe(true);
  expect(needsForm(event('rubbish-cleared', { units: ['m3', 't'], sets: undefined }), true)).toBe(true);
  expect(needsForm(event('cleaned', { units: ['m3'], sets: undefined }))).toBe(false);
});
