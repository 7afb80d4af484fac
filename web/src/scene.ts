// State and data → everything on the map, in order: ground, facilities, the answer, names, what is pointed at.

import type { Feature as AnyFeature, Geometry } from 'geojson';
import { classMarks } from './classes';
import { clearFrom } from './density';
import type { Classing, Presentation } from './present';
import { distance, amount } from './format';
import { between, circle, frame, pointOn, positions } from './geometry';
import { dark, edge, fonts, imageId, marks, names, span, specks, type Drawn, type Expression, type Look, type Shapes } from './style';
import type { Collection, Feature, Style } from './types';

/** A feature on its way to the map; one without a place is left out there. */
export type GeoFeature = AnyFeature<Geometry | null>;

/** Features that the map fetches for itself, tile by tile. */
export interface Tiled {
  /** Where: a path with {z}, {y} and {x}. */
  tiles: string;
  /** The layer of the tiles that has them. */
  layer: string;
  /** Another one: they have to be fetched anew. */
  revision: string;
}

export type Source = readonly GeoFeature[] | Tiled;
export const isTiled = (source: Source | undefined): source is Tiled => source !== undefined && 'tiles' in source;

export interface Scene {
  sources: Readonly<Record<string, Source>>;
  drawn: readonly Drawn[];
}

export interface SceneLayer {
  collection: Collection;
  features: readonly Feature[];
  muted: boolean;
  only: readonly string[];
  /** The zoom from which it is drawn. */
  from: number;
  /** Too many to be fetched from here: seen as tiles. */
  tiled: Tiled | null;
}

export type Overlay = 'subject' | 'gap' | 'reach' | 'tie' | 'issue' | 'stretch' | 'classes' | 'ranked' | 'strips';

export interface Answer {
  name: string;
  collection: Collection;
  features: readonly Feature[];
  overlay: Overlay;
  classing?: Classing | undefined;
  rank?: string | undefined;
  /** For sites: how far each reaches, in metres. */
  reach?: number | undefined;
  hole?: Presentation['hole'];
  /** No village is named. */
  nameless?: boolean | undefined;
  /** For sites: the ground that is served already. */
  beneath?: readonly Feature[] | undefined;
  /** For ties: the other end of each feature, and what to write on the line. */
  other: (feature: Feature) => { geometry: Geometry; label: string } | null;
}

/** Issues that ask for nothing more step back. */
const done: Expression = ['in', ['get', 'status'], ['literal', ['closed', 'held', 'verified', 'rejected']]];
const [vermillion, reached] = ['#D55E00', '#0072B2'];

const shaped = new WeakMap<readonly Feature[], Shapes>();
export function shapesOf(features: readonly Feature[]): Shapes {
  const known = shaped.get(features);
  if (known) return known;
  const shapes: Shapes = { point: false, line: false, polygon: false };
  for (const { geometry } of features) {
    if (geometry?.type.endsWith('Point')) shapes.point = true;
    else if (geometry?.type.endsWith('LineString')) shapes.line = true;
    else if (geometry) shapes.polygon = true;
  }
  shaped.set(features, shapes);
  return shapes;
}

/** Each feature as one point, where its badge and its name stand. */
const standing = new WeakMap<readonly Feature[], GeoFeature[]>();
function at(features: readonly Feature[]): GeoFeature[] {
  const known = standing.get(features);
  if (known) return known;
  const made = features.flatMap((feature): GeoFeature[] => {
    const coordinates = pointOn(feature.geometry);
    if (!coordinates) return [];
    const [west, south, east, north] = frame([feature.geometry])!;
    const properties = { ...feature.properties, [span]: Math.max(east - west, north - south) };
    return [{ type: 'Feature', id: feature.id, properties, geometry: { type: 'Point', coordinates } }];
  });
  standing.set(features, made);
  return made;
}

function answerMarks(answer: Answer): Drawn[] {
  const source = 'answer';
  const halo: Drawn[] = [
    { id: 'answer/halo', type: 'line', source, filter: ['!', ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]]], layout: { 'line-join': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-width': 5, 'line-opacity': 0.9 } },
  ];
  // Gaps in ground are hatched; where single places are not reached, those are marked.
  if (answer.overlay === 'gap' && shapesOf(answer.features).polygon) {
    return [
      { id: 'answer/fill', type: 'fill', source, paint: { 'fill-pattern': imageId.hatch(vermillion, 'rgba(213,94,0,0.10)'), 'fill-opacity': 0.95 } },
      { id: 'answer/outline', type: 'line', source, layout: { 'line-join': 'round' }, paint: { 'line-color': vermillion, 'line-width': 1.6 } },
      // The largest circles: dashed, with their middles marked. Those of all gaps at once would hide the gaps.
      ...holeMarks('holes', 9.5, ['==', ['get', 'large'], true]),
      ...holeMarks('holes', nearHoles, ['!=', ['get', 'large'], true], '-near'),
      ...holeMarks('hole', 0),
    ];
  }
  // What is reached is calm: seen through, for it is most of the ground.
  if (answer.overlay === 'reach' && shapesOf(answer.features).polygon) {
    const outline: Drawn = { id: 'answer/outline', type: 'line', source, layout: { 'line-join': 'round' }, paint: { 'line-color': reached, 'line-width': 1.4 } };
    return [{ id: 'answer/fill', type: 'fill', source, paint: { 'fill-color': reached, 'fill-opacity': 0.2 } }, outline];
  }
  if ((answer.overlay === 'gap' || answer.overlay === 'reach') && shapesOf(answer.features).line) {
    const wide = (pixels: number): Expression => ['interpolate', ['linear'], ['zoom'], 9, pixels * 0.5, 14, pixels];
    return [
      { id: 'answer/casing', type: 'line', source, layout: { 'line-cap': 'butt', 'line-join': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-width': wide(9) } },
      { id: 'answer/line', type: 'line', source, layout: { 'line-cap': 'butt', 'line-join': 'round' }, paint: { 'line-color': answer.overlay === 'gap' ? vermillion : reached, 'line-width': wide(5.5) } },
    ];
  }
  // Stretches of a road: what was left out stands thick over what was seen to.
  if (answer.overlay === 'stretch') {
    const out = ['==', ['get', 'unpatrolled'], true];
    const width = (much: number, less: number): Expression => ['interpolate', ['linear'], ['zoom'], 9, ['case', out, much * 0.6, less * 0.6], 14, ['case', out, much, less]];
    return [
      { id: 'answer/casing', type: 'line', source, paint: { 'line-color': '#FFFFFF', 'line-width': width(11, 8) } },
      { id: 'answer/line', type: 'line', source, paint: { 'line-color': ['case', out, vermillion, '#0072B2'], 'line-width': width(7, 4) } },
    ];
  }
  if (answer.overlay === 'strips') return stripMarks();
  if (answer.overlay === 'classes' && answer.classing) return classMarks(answer.classing, shapesOf(answer.features));
  if (answer.overlay === 'ranked' && answer.rank) return rankMarks(answer.rank);
  const look: Look = { muted: false, only: [], shapes: shapesOf(answer.features), name: answer.collection.name ?? null };
  // A kind whose fill is a breath of colour stays one, or what lies on it would be hidden.
  const sheer = (answer.collection.style.opacity ?? 1) < 0.3;
  const style = { ...answer.collection.style, opacity: sheer ? 0.3 : 1, width: (answer.collection.style.width ?? 1) * 1.5 };
  const points = style.draw === 'badge' || look.shapes.point;
  const issue = answer.overlay === 'issue';
  const over = ['==', ['get', 'overdue'], true];
  const wide = (pixels: number): Expression => (issue ? ['case', over, pixels * 1.25, done, 0, pixels * 0.4] : pixels);
  const ring: Drawn[] = points
    ? [{
        id: 'answer/ring', type: 'circle', source: 'answer#at',
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 5, 12, 9, 15, 16],
          'circle-color': '#FFFFFF', 'circle-opacity': issue ? ['case', done, 0.5, 0.9] : 0.9,
          // What is overdue is ringed dark and thick: seen in grey as well.
          'circle-stroke-color': issue ? ['case', over, dark, '#8A949B'] : vermillion,
          'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 9, wide(1.6), 13, wide(2.6)],
        },
      }]
    : [];
  const shape = look.shapes.polygon || look.shapes.line;
  // Hundreds of rings would hide each other: from afar a dense answer is dots.
  const from = points ? clearFrom(answer.features) : 0;
  const afar: Drawn[] = from
    ? [{
        id: 'answer/dot', type: 'circle', source: 'answer#at', maxzoom: from,
        paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 2, 13, 4], 'circle-color': vermillion, 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': 0.8 },
      }]
    : [];
  const drawn = marks('answer', style, look).map((one) => (issue && one.type === 'symbol' ? { ...one, paint: { ...one.paint, 'icon-opacity': ['case', done, 0.55, 1] } } : one));
  const near = [...(shape ? halo : []), ...ring, ...drawn, ...(shape && style.draw === 'fill' ? [specks('answer', style)] : [])];
  return [...afar, ...near.map((one) => (from ? { ...one, minzoom: from } : one))];
}

/** From here on every gap's largest circle is drawn; farther off the largest few, and those that are chosen or pointed at. */
const nearHoles = 13.2;
export const largestHoles = 3;

function holeMarks(source: string, minzoom: number, filter: Expression = true, suffix = ''): Drawn[] {
  return [
    { id: `${source}/casing${suffix}`, type: 'line', source, minzoom, filter, paint: { 'line-color': '#FFFFFF', 'line-width': 3.6, 'line-opacity': 0.85 } },
    { id: `${source}/line${suffix}`, type: 'line', source, minzoom, filter, paint: { 'line-color': dark, 'line-width': 1.6, 'line-dasharray': [3, 2] } },
    { id: `${source}/middle${suffix}`, type: 'circle', source: `${source}#at`, minzoom, filter, paint: { 'circle-radius': 3, 'circle-color': dark, 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': 1.5 } },
    {
      id: `${source}/label${suffix}`, type: 'symbol', source: `${source}#at`, minzoom: Math.max(11, minzoom), filter,
      layout: { 'text-field': ['get', 'label'], 'text-font': fonts, 'text-size': 12, 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.6 },
      paint: { 'text-color': dark, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.8 },
    },
  ];
}

/** Narrow strips on either side of a road, in the colours of the strip map; from afar they are lines. */
function stripMarks(): Drawn[] {
  const color: Expression = ['case', ['>', ['get', 'issues'], 0], vermillion, ['>', ['get', 'unsigned'], 0], '#E69F00', '#A9C4D6'];
  const open = ['any', ['>', ['get', 'issues'], 0], ['>', ['get', 'unsigned'], 0]];
  return [
    { id: 'answer/fill', type: 'fill', source: 'answer', paint: { 'fill-color': color, 'fill-opacity': 0.78, 'fill-antialias': false } },
    { id: 'answer/outline', type: 'line', source: 'answer', layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, ['case', open, 2.6, 1], 13, ['case', open, 4, 1.6], 15, 1.2] } },
  ];
}

/** Sites with their number: a disc large enough for two digits, seen at every zoom; and how far each reaches. */
function rankMarks(rank: string): Drawn[] {
  return [
    // What is served already, calm below what is new.
    { id: 'beneath/fill', type: 'fill', source: 'beneath', paint: { 'fill-color': reached, 'fill-opacity': 0.24, 'fill-antialias': false } },
    { id: 'reach/fill', type: 'fill', source: 'reach', paint: { 'fill-color': vermillion, 'fill-opacity': 0.16 } },
    { id: 'reach/casing', type: 'line', source: 'reach', paint: { 'line-color': '#FFFFFF', 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.6, 12, 3.6], 'line-opacity': 0.85 } },
    { id: 'reach/line', type: 'line', source: 'reach', paint: { 'line-color': vermillion, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 12, 1.6], 'line-dasharray': [3, 2] } },
    { id: 'answer/dot', type: 'circle', source: 'answer#at', paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 9, 14, 13], 'circle-color': vermillion, 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': 2 } },
    {
      id: 'answer/number', type: 'symbol', source: 'answer#at',
      layout: { 'text-field': ['to-string', ['get', rank]], 'text-font': ['Bold', ...fonts], 'text-size': ['interpolate', ['linear'], ['zoom'], 9, 11, 14, 15], 'text-allow-overlap': true, 'text-padding': 9 },
      paint: { 'text-color': '#FFFFFF' },
    },
  ];
}

function ties(): Drawn[] {
  return [
    { id: 'ties/casing', type: 'line', source: 'ties', layout: { 'line-cap': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-width': 5 } },
    { id: 'ties/line', type: 'line', source: 'ties', layout: { 'line-cap': 'round' }, paint: { 'line-color': vermillion, 'line-width': 2.2 } },
  ];
}

function tieLabels(): Drawn {
  return {
    id: 'ties/label', type: 'symbol', source: 'ties#at', minzoom: 12.6,
    layout: { 'text-field': ['get', 'label'], 'text-font': fonts, 'text-size': 12.5, 'text-variable-anchor': ['left', 'right', 'bottom', 'top'], 'text-radial-offset': 0.7 },
    paint: { 'text-color': dark, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.8 },
  };
}

/** Black on a white casing, the same in every colour vision and in print. */
function selectedMarks(source: string, strength: number): Drawn[] {
  const point = ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]];
  const line = ['in', ['geometry-type'], ['literal', ['LineString', 'MultiLineString']]];
  const area = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
  return [
    // A line is framed on both sides, so that its own colour stays to be seen.
    { id: `${source}/casing-line`, type: 'line', source, filter: line, paint: { 'line-color': '#FFFFFF', 'line-gap-width': 5, 'line-width': 3 } },
    { id: `${source}/beside`, type: 'line', source, filter: line, paint: { 'line-color': '#10181F', 'line-gap-width': 8, 'line-width': 1 + 1.4 * strength } },
    { id: `${source}/casing`, type: 'line', source, filter: area, layout: { 'line-join': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-width': 3 + 4 * strength } },
    { id: `${source}/line`, type: 'line', source, filter: area, layout: { 'line-join': 'round' }, paint: { 'line-color': '#10181F', 'line-width': 1 + 1.8 * strength } },
    { id: `${source}/casing-point`, type: 'circle', source, filter: point, paint: { 'circle-radius': 14, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': 3 + 3 * strength } },
    { id: `${source}/point`, type: 'circle', source, filter: point, paint: { 'circle-radius': 15, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#10181F', 'circle-stroke-width': 1 + 1.6 * strength } },
  ];
}

const drawnFor = new WeakMap<Answer, GeoFeature[]>();
const tied = new WeakMap<readonly Feature[], { label: string; made: GeoFeature[] }>();
function tieFeatures(answer: Answer): GeoFeature[] {
  const before = drawnFor.get(answer);
  if (before) return before;
  const made = answer.features.flatMap((feature): GeoFeature[] => {
    const other = answer.other(feature);
    if (!other || !feature.geometry) return [];
    const coordinates = between(feature.geometry, other.geometry);
    return [{ type: 'Feature', id: feature.id, geometry: { type: 'LineString', coordinates }, properties: { label: other.label } }];
  });
  // The same lines again keep their identity, so that the map is not given them twice.
  const label = JSON.stringify(made.map((one) => [one.properties, one.geometry]));
  const known = tied.get(answer.features);
  const lines = known?.label === label ? known.made : made;
  tied.set(answer.features, { label, made: lines });
  drawnFor.set(answer, lines);
  return lines;
}

/** The largest circle in each gap, and its middle with its radius. */
const hollow = new WeakMap<readonly Feature[], [circles: GeoFeature[], middles: GeoFeature[]]>();
function holes({ features, hole }: Answer): [circles: GeoFeature[], middles: GeoFeature[]] {
  const known = hollow.get(features);
  if (known) return known;
  const found = features.flatMap(({ id, properties }) => {
    const [lng, lat, radius] = hole ? [properties[hole.lng], properties[hole.lat], properties[hole.radius]] : [];
    return typeof lng === 'number' && typeof lat === 'number' && typeof radius === 'number' ? [{ id, at: [lng, lat], radius }] : [];
  });
  const least = found.map((one) => one.radius).sort((a, b) => b - a)[largestHoles - 1] ?? 0;
  const made: [GeoFeature[], GeoFeature[]] = [
    found.map(({ id, at, radius }) => ({ type: 'Feature', id, properties: { large: radius >= least }, geometry: { type: 'LineString', coordinates: circle(at, radius) } })),
    found.map(({ id, at, radius }) => ({ type: 'Feature', id, properties: { large: radius >= least, label: `r ${amount(distance(radius))}` }, geometry: { type: 'Point', coordinates: at } })),
  ];
  hollow.set(features, made);
  return made;
}

/** The circle that each site reaches; a site that is more than a place has none. */
const reaching = new WeakMap<readonly Feature[], { metres: number; made: GeoFeature[] }>();
function reaches(features: readonly Feature[], metres: number): GeoFeature[] {
  const known = reaching.get(features);
  if (known?.metres === metres) return known.made;
  const made = features.flatMap(({ id, geometry }): GeoFeature[] =>
    geometry?.type === 'Point' ? [{ type: 'Feature', id, properties: {}, geometry: { type: 'Polygon', coordinates: [circle(geometry.coordinates, metres)] } }] : []);
  reaching.set(features, { metres, made });
  return made;
}

const middled = new WeakMap<readonly GeoFeature[], GeoFeature[]>();
function middles(lines: readonly GeoFeature[]): GeoFeature[] {
  const known = middled.get(lines);
  if (known) return known;
  const made = lines.map((line): GeoFeature => {
    const [a = [0, 0], b = [0, 0]] = positions(line.geometry);
    return { ...line, geometry: { type: 'Point', coordinates: [(a[0]! + b[0]!) / 2, (a[1]! + b[1]!) / 2] } };
  });
  middled.set(lines, made);
  return made;
}

const none: GeoFeature[] = [];
const every: Shapes = { point: true, line: true, polygon: true };

/** A layer of very many, seen as tiles: its shapes, and dots where it has places; badges and names would be a heap. */
function afar(id: string, style: Style, look: Look, tiled: Tiled): Drawn[] {
  const plain: Style = style.draw === 'badge' ? { ...style, draw: 'fill' } : style;
  return marks(id, plain, look).map((one) => ({ ...one, source: `${id}#tiles`, 'source-layer': tiled.layer }));
}

export function compose(layers: readonly SceneLayer[], answer: Answer | null, selected: Feature | null, pointed: readonly Feature[]): Scene {
  const sources: Record<string, Source> = {};
  const drawn: Drawn[] = [{ id: 'paper', type: 'background', paint: { 'background-color': '#F6F4EE' } }];
  const over: Drawn[] = [];
  const tie = answer?.overlay === 'tie';
  // Ground in classes lies under roads and badges: what it is about stays to be seen.
  let under = answer?.overlay === 'classes' && answer.classing?.ground && shapesOf(answer.features).polygon ? answerMarks(answer) : [];
  for (const { collection, features, muted, only, from, tiled } of layers) {
    const { id, style } = collection;
    if (tiled) {
      sources[`${id}#tiles`] = tiled;
      drawn.push(...afar(id, style, { muted, only, shapes: every, name: null }, tiled));
      continue;
    }
    sources[id] = features;
    sources[`${id}#at`] = at(features);
    const look: Look = { muted, only, shapes: shapesOf(features), name: collection.name ?? null };
    if (under.length && style.draw !== 'fill') {
      drawn.push(...under);
      under = [];
    }
    // Ties run below the badges that they join.
    if (tie && style.draw === 'badge') drawn.push(...ties().filter((each) => !drawn.some((other) => other.id === each.id)));
    drawn.push(...(collection.kind === 'village' ? [edge(id)] : []), ...marks(id, style, look).map((one) => (from ? { ...one, minzoom: from } : one)));
    if (!(answer?.nameless && collection.group === 'base' && style.draw === 'fill')) over.unshift(...names(id, style, look, collection.group === 'base'));
  }
  sources.answer = answer?.features ?? none;
  sources['answer#at'] = answer ? at(answer.features) : none;
  const lines = answer && tie ? tieFeatures(answer) : none;
  sources.ties = lines;
  sources['ties#at'] = middles(lines);
  [sources.holes, sources['holes#at']] = answer?.hole ? holes(answer) : [none, none];
  sources.beneath = answer?.beneath ?? none;
  sources.reach = answer?.reach ? reaches(answer.features, answer.reach) : none;
  // The chosen gap's own circle, and the pointed one's, at every zoom.
  const near = new Set([selected, ...pointed].flatMap((one) => (one ? [String(one.id)] : [])));
  const own = (all: readonly GeoFeature[]): readonly GeoFeature[] => (near.size && all.length ? all.filter((one) => near.has(String(one.id)) && one.properties?.large !== true) : none);
  [sources.hole, sources['hole#at']] = [own(sources.holes as GeoFeature[]), own(sources['holes#at'] as GeoFeature[])];
  if (answer) drawn.push(...answerMarks(answer).filter((each) => under.length > 0 || !drawn.some((other) => other.id === each.id)));
  sources.hovered = pointed.length ? (pointed as readonly GeoFeature[]) : none;
  sources.selected = selected ? [selected as GeoFeature] : none;
  // Names later in the list win over earlier ones: villages last.
  const villages = over.filter((one) => one.source?.startsWith('villages'));
  const others = over.filter((one) => !one.source?.startsWith('villages'));
  drawn.push(...selectedMarks('hovered', 0), ...selectedMarks('selected', 1), ...others, ...villages);
  // A site's number is never hidden by a name.
  if (answer?.overlay === 'ranked') drawn.push(...drawn.splice(drawn.findIndex((one) => one.id === 'answer/dot'), 2));
  if (tie) drawn.push(tieLabels());
  return { sources, drawn };
}
