import { expect, test } from 'vitest';
import { circle, metresApart } from './geometry';
import { compose, type Answer } from './scene';
import type { Collection, Feature } from './types';

const collection = { id: 'coverage-gaps', kind: 'village', style: {} } as unknown as Collection;
const gaps = (geometry: Feature['geometry'], properties: Feature['properties']): Answer => ({
  name: 'coverage-gaps', collection, overlay: 'gap', other: () => null,
  hole: { lng: 'hole_lng', lat: 'hole_lat', radius: 'hole_radius_m' },
  features: [{ type: 'Feature', id: 'v', geometry, properties }],
});

test('a circle is everywhere as far from its middle as it says', () => {
  const ring = circle([117.4, 39.6], 500);
  expect(ring[0]).toEqual(ring.at(-1));
  for (const corner of ring) expect(Math.abs(metresApart([117.4, 39.6], corner) - 500)).toBeLessThan(3);
});

test('the largest circle in a gap is drawn where the gap is ground, and nothing where it names none', () => {
  const square: Feature['geometry'] = { type: 'Polygon', coordinates: [[[117, 39], [118, 39], [118, 40], [117, 39]]] };
  const { sources, drawn } = compose([], gaps(square, { hole_lng: 117.4, hole_lat: 39.6, hole_radius_m: 512.4 }), null, []);
  expect(sources.holes).toHaveLength(1);
  expect(sources['holes#at']).toMatchObject([{ properties: { label: expect.stringContaining('512') as string }, geometry: { coordinates: [117.4, 39.6] } }]);
  expect(drawn.map((one) => one.id)).toContain('holes/line');
  expect(compose([], gaps(square, {}), null, []).sources.holes).toHaveLength(0);
});

test('stretches of road out of reach are lines of their own', () => {
  const { drawn } = compose([], gaps({ type: 'LineString', coordinates: [[117, 39], [118, 39]] }, {}), null, []);
  expect(drawn.filter((one) => one.id.startsWith('answer/')).map((one) => one.id)).toEqual(['answer/casing', 'answer/line']);
});

test('a site has its circle where it is a place and the reach is a straight line, and its number lies on top', () => {
  const sites = (reach: number | undefined, geometry: Feature['geometry']) => ({ ...gaps(geometry, { rank: 1 }), overlay: 'ranked' as const, rank: 'rank', reach });
  const place: Feature['geometry'] = { type: 'Point', coordinates: [117.4, 39.6] };
  const { sources, drawn } = compose([], sites(500, place), null, []);
  expect(sources.reach).toMatchObject([{ geometry: { type: 'Polygon', coordinates: [circle([117.4, 39.6], 500)] } }]);
  const order = drawn.map((one) => one.id);
  expect(order.indexOf('reach/line')).toBeGreaterThan(0);
  expect(order.slice(-2)).toEqual(['answer/dot', 'answer/number']);
  expect(compose([], sites(undefined, place), null, []).sources.reach).toHaveLength(0);
  expect(compose([], sites(500, { type: 'LineString', coordinates: [[117, 39], [118, 39]] }), null, []).sources.reach).toHaveLength(0);
});

test('from afar only the largest circles are drawn, and that of the gap which is chosen', () => {
  const square = (at: number): Feature['geometry'] => ({ type: 'Polygon', coordinates: [[[at, 39], [at + 0.1, 39], [at + 0.1, 39.1], [at, 39]]] });
  const features = [100, 500, 300, 400, 200].map((radius, i): Feature => ({ type: 'Feature', id: `v${radius}`, geometry: square(117 + i / 10), properties: { hole_lng: 117, hole_lat: 39, hole_radius_m: radius } }));
  const answer = { ...gaps(null, {}), features };
  const { sources } = compose([], answer, features[0]!, [features[1]!]);
  const of = (name: string): Feature[] => sources[name] as Feature[];
  expect(of('holes').filter((one) => one.properties.large === true).map((one) => one.id)).toEqual(['v500', 'v300', 'v400']);
  expect(of('hole').map((one) => one.id), 'what is drawn anyway is not drawn twice').toEqual(['v100']);
  expect(compose([], answer, null, []).sources.hole).toHaveLength(0);
});

test('where the answer hides names, no village is named on the map, and all other names stay', () => {
  const layer = (id: string, group: string, style: object) => ({ collection: { id, kind: id, name: 'name', group, style: { label: { minzoom: 10 }, ...style } } as unknown as Collection, features: [], muted: false, only: [], from: 0, tiled: null });
  const layers = [layer('villages', 'base', { draw: 'fill' }), layer('roads', 'base', { draw: 'line' }), layer('ponds', 'facility', { draw: 'fill' })];
  const named = (nameless: boolean): string[] => compose(layers, { ...gaps(null, {}), overlay: 'subject', nameless }, null, []).drawn.map((one) => one.id).filter((id) => id.endsWith('/name'));
  expect(named(false)).toContain('villages/name');
  expect(named(true)).not.toContain('villages/name');
  expect(named(true)).toEqual(expect.arrayContaining(['roads/name', 'ponds/name']));
});

test('ground in steps leaves blank what has no number, and marks by its edge what stands out', () => {
  const square: Feature['geometry'] = { type: 'Polygon', coordinates: [[[117, 39], [118, 39], [118, 40], [117, 39]]] };
  const classing = { by: 'score', steps: [0, 60], ramp: ['#111111', '#222222'], ground: true, edges: { by: 'board', colors: { red: '#FF0000' } } };
  const { drawn } = compose([], { ...gaps(square, { score: null, board: 'red' }), overlay: 'classes', classing }, null, []);
  expect(drawn.find((one) => one.id === 'answer/fill')?.filter).toEqual(['==', ['typeof', ['get', 'score']], 'number']);
  expect(JSON.stringify(drawn.find((one) => one.id === 'answer/edge')?.paint)).toContain('#FF0000');
});

test('what is served already lies beneath the circles of new sites', () => {
  const square: Feature['geometry'] = { type: 'Polygon', coordinates: [[[117, 39], [118, 39], [118, 40], [117, 39]]] };
  const place: Feature['geometry'] = { type: 'Point', coordinates: [117.4, 39.6] };
  const beneath: Feature[] = [{ type: 'Feature', id: 'v', geometry: square, properties: {} }];
  const { sources, drawn } = compose([], { ...gaps(place, { rank: 1 }), overlay: 'ranked', rank: 'rank', reach: 500, beneath }, null, []);
  expect(sources.beneath).toBe(beneath);
  const order = drawn.map((one) => one.id);
  expect(order.indexOf('beneath/fill')).toBeGreaterThanOrEqual(0);
  expect(order.indexOf('beneath/fill')).toBeLessThan(order.indexOf('reach/fill'));
  expect(compose([], gaps(place, {}), null, []).sources.beneath).toEqual([]);
});
