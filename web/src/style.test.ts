import { describe, expect, test } from 'vitest';
import { compose, type GeoFeature } from './scene';
import { imageId, marks, mutedOpacity, names, swatch, type Look } from './style';
import type { Collection, Feature, Style } from './types';

const pond: Style = {
  draw: 'fill', order: 40, fill: '#0072B2', outline: '#003F66', width: 1.2, opacity: 1, class: 'condition',
  classes: [{ value: 'good', fill: '#0072B2', outline: '#003F66' }, { value: 'black', fill: '#D55E00' }, { value: 'unknown', fill: '#8A8F98', hatch: true }],
  label: { minzoom: 15 },
};
const farm: Style = { draw: 'badge', fill: '#E3CDB8', outline: '#8B4A2B', badge: { shape: 'square', char: '养', color: '#8B4A2B' } };
const look: Look = { muted: false, only: [], shapes: { point: false, line: false, polygon: true }, name: 'name' };

describe('a layer is drawn as its description says', () => {
  test('hatched classes are not also filled', () => {
    const drawn = marks('ponds', pond, look);
    expect(drawn.map((one) => one.id)).toEqual(['ponds/fill', 'ponds/hatch-unknown', 'ponds/outline']);
    expect(JSON.stringify(drawn[0]!.filter)).toContain('"unknown"');
    expect(drawn[1]!.paint!['fill-pattern']).toBe(imageId.hatch('#8A8F98', '#FFFFFF'));
  });

  test('every shape in the data gets a mark and no other does', () => {
    const drawn = marks('ponds', pond, { ...look, shapes: { point: true, line: true, polygon: false } });
    expect(drawn.map((one) => one.id)).toEqual(['ponds/casing', 'ponds/line', 'ponds/dot']);
  });

  test('a farm drawn as a polygon keeps its badge', () => {
    expect(marks('farms', farm, look).map((one) => one.type)).toEqual(['fill', 'line', 'symbol']);
  });

  test('showing one class filters every mark of the layer', () => {
    for (const one of marks('ponds', pond, { ...look, only: ['black'], shapes: { point: true, line: true, polygon: true } })) {
      expect(JSON.stringify(one.filter)).toContain('["literal",["black"]]');
    }
  });

  test('a muted layer is fainter in each of its marks', () => {
    for (const one of marks('ponds', pond, { ...look, muted: true })) {
      const opacity = one.paint!['fill-opacity'] ?? one.paint!['line-opacity'];
      expect(opacity).toBeLessThanOrEqual(mutedOpacity);
    }
  });

  test('names wait for their zoom and are left out where a kind has none', () => {
    expect(names('ponds', pond, look, false)[0]!.minzoom).toBe(15);
    expect(names('farms', farm, look, false)).toEqual([]);
  });
});

test("the legend's swatch has the values that the map draws", () => {
  expect(swatch(pond, pond.classes![1])).toMatchObject({ fill: '#D55E00', outline: '#003F66', width: 1.2 });
  expect(swatch(farm)).toMatchObject({ fill: '#8B4A2B', draw: 'badge' });
});

describe('the scene', () => {
  const collection = (id: string, style: Style): Collection => ({ id, title: id, titles: { zh: id, en: id }, attributes: [], name: 'name', style });
  const one: Feature = { type: 'Feature', id: 'p-1', geometry: { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }, properties: { name: '西河坑', condition: 'black' } };
  const layers = [{ collection: collection('ponds', pond), features: [one], muted: true, only: [], from: 0, tiled: null }];
  const answer = { name: 'q', collection: collection('q', pond), features: [one], overlay: 'subject' as const, other: () => null };

  test('lays the answer over the layers, and the selection over the answer', () => {
    const ids = compose(layers, answer, one, []).drawn.map((each) => each.id);
    expect(ids.indexOf('answer/fill')).toBeGreaterThan(ids.indexOf('ponds/outline'));
    expect(ids.indexOf('selected/casing')).toBeGreaterThan(ids.indexOf('answer/outline'));
    expect(ids.indexOf('ponds/name')).toBeGreaterThan(ids.indexOf('selected/line'));
  });

  test('gives every mark a source that is there, and every id once', () => {
    const { drawn, sources } = compose(layers, answer, one, [one]);
    for (const each of drawn) if (each.source) expect(Object.keys(sources)).toContain(each.source);
    expect(new Set(drawn.map((each) => each.id)).size).toBe(drawn.length);
  });

  test('keeps the points of a layer the same object while its features are the same', () => {
    expect(compose(layers, null, null, []).sources['ponds#at']).toBe(compose(layers, answer, one, []).sources['ponds#at']);
  });

  test('draws a layer of very many from its tiles, and neither badges nor names of it', () => {
    const tiled = { tiles: '/collections/farms/tiles/WebMercatorQuad/{z}/{y}/{x}', layer: 'farms', revision: 'r' };
    const many = { collection: collection('farms', farm), features: [], muted: false, only: [], from: 0, tiled };
    const { drawn, sources } = compose([many], null, null, []);
    const own = drawn.filter((each) => each.source?.startsWith('farms'));
    expect(own.map((each) => each.type)).toEqual(['fill', 'line', 'line', 'line', 'circle']);
    for (const each of own) expect([each.source, each['source-layer']]).toEqual(['farms#tiles', 'farms']);
    expect(sources['farms#tiles']).toBe(tiled);
  });

  test('ties a farm to its school with a line that says how far', () => {
    const tied = { ...answer, overlay: 'tie' as const, other: () => ({ geometry: { type: 'Point' as const, coordinates: [3, 0] }, label: '103 m' }) };
    const { sources } = compose(layers, tied, null, []);
    const [line] = sources.ties as readonly GeoFeature[];
    expect(line!.properties).toEqual({ label: '103 m' });
    expect(line!.geometry).toEqual({ type: 'LineString', coordinates: [[1, 0], [3, 0]] });
  });

  test('rings issues by what presses, not all alike', () => {
    const badge: Style = { draw: 'badge', badge: { shape: 'diamond', char: '题', color: '#D55E00' } };
    const point: Feature = { type: 'Feature', id: 'i', geometry: { type: 'Point', coordinates: [0, 0] }, properties: { status: 'assigned', overdue: true } };
    const board = { name: 'issue-board', collection: collection('issue-board', badge), features: [point], overlay: 'issue' as const, other: () => null };
    const ring = compose([], board, null, []).drawn.find((each) => each.id === 'answer/ring')!;
    expect(JSON.stringify(ring.paint!['circle-stroke-color'])).toContain('overdue');
    const plain = compose([], { ...board, overlay: 'subject' as const }, null, []).drawn.find((each) => each.id === 'answer/ring')!;
    expect(plain.paint!['circle-stroke-color']).toBe('#D55E00');
  });
});
