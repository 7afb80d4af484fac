import { allOfIt } from './board';
import { expect, test } from 'vitest';
import { fromUrl, toUrl } from './hash';
import type { State } from './state';

const split = (url: string): [string, string] => {
  const at = url.indexOf('#');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
};

const full: State = {
  board: { ...allOfIt, by: 'village', overdue: true },
  lang: 'en',
  view: { zoom: 11.35, lat: 40.045, lon: 117.425 },
  analysis: 'farms-near-schools',
  values: { 'farms-near-schools': { distance: '800' } },
  day: '2026-09-30',
  hidden: ['toilets', 'roads'],
  forced: ['farms'],
  only: { ponds: ['black', 'poor'] },
  selected: { collection: 'ponds', id: 'p-017/甲' },
};

test('a state written to the URL and read back is the same state', () => {
  expect(fromUrl(...split(toUrl(full, 'farms-near-schools~distance=800')))).toEqual(full);
});

test('an empty URL is the default state', () => {
  expect(fromUrl('', '')).toEqual({ lang: 'zh', view: null, analysis: null, values: {}, day: null, hidden: [], forced: [], only: {}, selected: null, board: allOfIt });
});

test('a URL stays short and readable', () => {
  expect(toUrl(full, 'farms-near-schools~distance=800')).toBe(
    '?q=farms-near-schools~distance=800&day=2026-09-30&off=toilets,roads&on=farms&only=ponds:black:poor&sel=ponds/p-017/%E7%94%B2&board=village;over&lang=en#11.35/40.04500/117.42500',
  );
});

test('nonsense in the URL is ignored, not shown', () => {
  const state = fromUrl('?day=yesterday&sel=ponds&only=,ponds&lang=fr', '#a/b/c');
  expect(state).toMatchObject({ day: null, selected: null, only: {}, lang: 'zh', view: null });
  expect(fromUrl('', '#11/91/200').view).toBeNull();
});

test("a question's own day counts when the URL names no other", () => {
  expect(fromUrl('?q=coverage-gaps~reach=800@2026-06-30', '')).toMatchObject({ day: '2026-06-30', values: { 'coverage-gaps': { reach: '800' } } });
});
