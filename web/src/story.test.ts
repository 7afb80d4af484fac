import { expect, test } from 'vitest';
import { beforeAfter, newest, people, photos, story } from './story';
import type { Recorded } from './types';

const event = (id: string, on: string, more: Partial<Recorded> = {}): Recorded => ({
  id, on, collection: 'ponds', feature: 'p', event: 'cleaned', titles: { zh: '清理', en: 'Cleaned' }, recorded_at: `${on}T08:00:00Z`, author: 'local',
  evidence: [], fields: {}, changes: {}, moved: false, late: false, undone: false, undoes: null, ...more,
});
const photo = (id: string): Recorded['evidence'][number] => ({ id, media_type: 'image/jpeg', url: `/evidence/${id}`, thumbnail: `/evidence/${id}/thumbnail` });

test('what was recorded late stands by its day, not by when it was written', () => {
  const told = story([event('e-1', '2026-10-20'), event('e-2', '2026-10-05', { late: true }), event('e-3', '2026-10-20')], null);
  expect(told.map((one) => one.event.id)).toEqual(['e-3', 'e-1', 'e-2']);
});

test('the tenth event is newer than the ninth', () => {
  const told = story([event('e-9', '2026-10-05'), event('e-10', '2026-10-05')], null);
  expect(told.map((one) => one.event.id)).toEqual(['e-10', 'e-9']);
  expect(newest([event('e-9', '2026-11-01'), event('e-10', '2026-10-05')])!.id).toBe('e-10');
});

test('an undo is told with what it undid, and not by itself', () => {
  const told = story([event('e-1', '2026-10-05', { undone: true }), event('e-2', '2026-10-06', { event: 'undone', undoes: 'e-1' })], null);
  expect(told.map((one) => [one.event.id, one.undoneBy?.id])).toEqual([['e-1', 'e-2']]);
});

test('an undo that was undone leaves the event as it was', () => {
  const told = story([
    event('e-1', '2026-10-05'),
    event('e-2', '2026-10-06', { event: 'undone', undoes: 'e-1', undone: true }),
    event('e-3', '2026-10-07', { event: 'undone', undoes: 'e-2' }),
  ], null);
  expect(told.map((one) => [one.event.id, one.undoneBy])).toEqual([['e-1', null]]);
});

test('on a past day what came after is told as later', () => {
  expect(story([event('e-1', '2026-10-05'), event('e-2', '2026-10-06')], '2026-10-05').map((one) => one.later)).toEqual([true, false]);
});

test('before and after are photos of two events, and never one that was undone', () => {
  const events = [
    event('e-1', '2026-10-01', { evidence: [photo('a'), photo('b')] }),
    event('e-2', '2026-10-05', { evidence: [photo('c')] }),
    event('e-3', '2026-10-06', { evidence: [photo('d')], undone: true }),
  ];
  const pair = beforeAfter(photos(story(events, null)))!;
  expect([pair.before.evidence.id, pair.after.evidence.id]).toEqual(['a', 'c']);
  expect(beforeAfter(photos(story(events.slice(0, 1), null)))).toBeNull();
});

test('people are proposed once each', () => {
  expect(people([event('e-1', '2026-10-01', { by: '王' }), event('e-2', '2026-10-01', { by: '李' }), event('e-3', '2026-10-01', { by: '王' })])).toEqual(['王', '李']);
});
