// A collection's description → what is drawn. Pure: the legend's swatches are made from the same values.

import type { ClassStyle, Style } from './types';

export type Expression = unknown;

export interface Drawn {
  id: string;
  type: 'fill' | 'line' | 'circle' | 'symbol' | 'background';
  source?: string;
  'source-layer'?: string;
  minzoom?: number;
  maxzoom?: number;
  filter?: Expression;
  layout?: Record<string, Expression>;
  paint?: Record<string, Expression>;
}

/** Which shapes a layer's data really holds. */
export interface Shapes {
  point: boolean;
  line: boolean;
  polygon: boolean;
}

export interface Look {
  /** Quieter than the answer: a layer that the question does not touch. */
  muted: boolean;
  /** The classes to show; empty: all. */
  only: readonly string[];
  shapes: Shapes;
  /** The attribute that names a feature. */
  name: string | null;
  /** The numbered roads' attribute, when there is one. */
  ref?: boolean;
}

export const fonts = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'sans-serif'];
export const mutedOpacity = 0.42;
const ink = '#33404a';
const halo = 'rgba(255,255,255,0.92)';

/** The look of one class, what it leaves open filled in from the kind's. */
/** The edge of what stands out on the map. */
export const dark = '#7A3300';

export interface Swatch {
  draw: Style['draw'];
  fill: string;
  outline: string;
  width: number;
  opacity: number;
  hatch: boolean;
  badge: Style['badge'] | null;
}

export function swatch(style: Style, one?: ClassStyle): Swatch {
  const badge = style.badge ?? null;
  return {
    draw: style.draw,
    fill: one?.fill ?? (style.draw === 'badge' ? badge?.color : style.fill) ?? '#8A8F98',
    outline: one?.outline ?? style.outline ?? '#5B6770',
    width: one?.width ?? style.width ?? 1,
    opacity: style.opacity ?? 1,
    hatch: one?.hatch ?? false,
    badge,
  };
}

/** Images are drawn when first asked for; their ids say how. */
export const imageId = {
  badge: (s: Swatch, char: boolean): string => ['badge', s.badge?.shape ?? 'circle', char ? s.badge?.char ?? '' : '', s.fill, s.hatch ? 1 : 0].join('|'),
  hatch: (color: string, ground: string): string => ['hatch', color, ground].join('|'),
};

/** One value a class: a `match` on the class attribute, or the plain value where there are no classes. */
function byClass(style: Style, value: (swatch: Swatch) => unknown): Expression {
  const fallback = value(swatch(style));
  const classes = (style.class && style.classes) || [];
  const pairs = classes.flatMap((one) => [one.value, value(swatch(style, one))]);
  return pairs.length ? ['match', ['to-string', ['get', style.class]], ...pairs, fallback] : fallback;
}

const polygon = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
const line = ['in', ['geometry-type'], ['literal', ['LineString', 'MultiLineString']]];

function all(...filters: (Expression | null)[]): Expression {
  const given = filters.filter(Boolean);
  return given.length > 1 ? ['all', ...given] : given[0];
}

function inClasses(style: Style, values: readonly string[]): Expression | null {
  return style.class && values.length ? ['in', ['to-string', ['get', style.class]], ['literal', [...values]]] : null;
}

function fills(source: string, style: Style, look: Look): Drawn[] {
  const shown = inClasses(style, look.only);
  const opacity = (style.opacity ?? 1) * (look.muted ? mutedOpacity : 1);
  const hatched = (style.classes ?? []).filter((one) => one.hatch);
  // A kind whose fill is a breath of colour keeps the ground visible between its stripes.
  const sheer = (style.opacity ?? 1) < 0.3;
  const plainOnly = hatched.length ? ['!', inClasses(style, hatched.map((one) => one.value))] : null;
  return [
    {
      id: `${source}/fill`,
      type: 'fill',
      source,
      filter: all(polygon, shown, plainOnly),
      paint: { 'fill-color': byClass(style, (s) => (s.draw === 'badge' ? (style.fill ?? s.fill) : s.fill)), 'fill-opacity': opacity, 'fill-antialias': false },
    },
    ...hatched.map((one): Drawn => ({
      id: `${source}/hatch-${one.value}`,
      type: 'fill',
      source,
      filter: all(polygon, shown, inClasses(style, [one.value])),
      paint: { 'fill-pattern': imageId.hatch(swatch(style, one).fill, sheer ? 'rgba(255,255,255,0)' : '#FFFFFF'), 'fill-opacity': (sheer ? 0.55 : 0.9) * (look.muted ? mutedOpacity : 1) },
    })),
    {
      id: `${source}/outline`,
      type: 'line',
      source,
      filter: all(polygon, shown),
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': byClass(style, (s) => s.outline),
        'line-width': ['interpolate', ['linear'], ['zoom'], 10, byClass(style, (s) => s.width * 0.6), 14, byClass(style, (s) => s.width)],
        'line-opacity': look.muted ? mutedOpacity : 1,
      },
    },
  ];
}

/** Ditches among ponds: a stroke in the fill's colour over one in the outline's. */
function strokes(source: string, style: Style, look: Look): Drawn[] {
  const road = style.draw === 'line';
  const width = (factor: number, more: number): Expression => [
    'interpolate', ['exponential', 1.5], ['zoom'],
    9, byClass(style, (s) => (road ? s.width * 0.55 : 1.2) * factor + more * 0.7),
    13, byClass(style, (s) => (road ? s.width : 2.4) * factor + more),
    17, byClass(style, (s) => (road ? s.width * 2.6 : 5) * factor + more * 1.3),
  ];
  const filter = all(line, inClasses(style, look.only));
  const opacity = look.muted ? mutedOpacity : 1;
  const layout = {
    'line-cap': 'round',
    'line-join': 'round',
    // National roads over village lanes, whatever their order in the file.
    'line-sort-key': byClass(style, (s) => s.width),
  };
  return [
    { id: `${source}/casing`, type: 'line', source, filter, layout, paint: { 'line-color': byClass(style, (s) => s.outline), 'line-width': width(1, road ? 2 : 1.6), 'line-opacity': opacity } },
    { id: `${source}/line`, type: 'line', source, filter, layout, paint: { 'line-color': byClass(style, (s) => s.fill), 'line-width': width(1, 0), 'line-opacity': opacity } },
  ];
}

/** Plain shapes from afar, with their character from zoom 12.5 on. */
function badges(source: string, style: Style, look: Look): Drawn[] {
  const image = (char: boolean): Expression => byClass(style, (s) => imageId.badge(s, char));
  const size = look.muted ? 0.7 : 1;
  return [
    {
      id: `${source}/badge`,
      type: 'symbol',
      source: `${source}#at`,
      filter: all(inClasses(style, look.only) ?? true),
      layout: {
        'icon-image': ['step', ['zoom'], image(false), look.muted ? 13.5 : 12.5, image(true)],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.3 * size, 12, 0.54 * size, 12.5, 0.78 * size, 15, 1],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-opacity': look.muted ? mutedOpacity : 1 },
    },
  ];
}

function dots(source: string, style: Style, look: Look): Drawn[] {
  return [
    {
      id: `${source}/dot`,
      type: 'circle',
      source,
      filter: all(['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]], inClasses(style, look.only)),
      paint: {
        'circle-color': byClass(style, (s) => s.fill),
        'circle-stroke-color': byClass(style, (s) => s.outline),
        'circle-stroke-width': 1.2,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 2.4, 14, 5],
        'circle-opacity': look.muted ? mutedOpacity : 1,
        'circle-stroke-opacity': look.muted ? mutedOpacity : 1,
      },
    },
  ];
}

/** The property of a point that says how wide its shape is, in degrees. */
export const span = '$span';

/** Where a pond would be a speck, a dot stands for it; it gives way to the shape itself as the reader comes near. */
export function specks(source: string, style: Style): Drawn {
  const least = 12; // pixels
  const small = (zoom: number): Expression => ['case', ['<', ['get', span], (least * 360) / (512 * 2 ** zoom)], 1, 0];
  const steps = Array.from({ length: 18 }, (_, i) => 8.5 + i / 2);
  const gone = ['step', ['zoom'], 1, ...steps.flatMap((zoom) => [zoom, small(zoom)])];
  return {
    id: `${source}/speck`,
    type: 'circle',
    source: `${source}#at`,
    paint: {
      'circle-color': byClass(style, (s) => (s.hatch ? '#FFFFFF' : s.fill)),
      'circle-stroke-color': byClass(style, (s) => s.outline),
      'circle-stroke-width': 1.6,
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 2.6, 12, 5, 14, 7],
      'circle-opacity': gone,
      'circle-stroke-opacity': gone,
    },
  };
}

/** The edge of the whole, seen where no other village lies beyond. */
export function edge(source: string): Drawn {
  return { id: `${source}/edge`, type: 'line', source, layout: { 'line-join': 'round' }, paint: { 'line-color': '#AEBBB3', 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 2.4, 14, 5] } };
}

/** The marks of one layer, in drawing order, without its names (those lie over everything). */
export function marks(source: string, style: Style, look: Look): Drawn[] {
  return [
    ...(look.shapes.polygon ? fills(source, style, look) : []),
    ...(look.shapes.line ? strokes(source, style, look) : []),
    ...(style.draw === 'badge' ? badges(source, style, look) : look.shapes.point ? dots(source, style, look) : []),
  ];
}

export function names(source: string, style: Style, look: Look, ground: boolean): Drawn[] {
  if (!look.name || !style.label) return [];
  const along = style.draw === 'line';
  const badge = style.draw === 'badge';
  const name = ['coalesce', ['to-string', ['get', look.name]], ''];
  // A region's name, read from afar, steps back as the names of what lies in it appear.
  const region = ground && style.draw === 'fill' && style.label.minzoom <= 12;
  return [
    {
      id: `${source}/name`,
      type: 'symbol',
      source: along ? source : `${source}#at`,
      minzoom: style.label.minzoom,
      filter: all(inClasses(style, look.only) ?? true),
      layout: {
        'text-field': along ? ['step', ['zoom'], byClass(style, (s) => (s.width >= 2.5 ? name : '')), 13.5, name] : name,
        'text-font': fonts,
        'text-size': ground && !along ? ['interpolate', ['linear'], ['zoom'], 11, 12.5, 15, 15] : 12,
        'text-max-width': 8,
        ...(region ? { 'text-letter-spacing': ['step', ['zoom'], 0, 14, 0.25] } : {}),
        'text-padding': 4,
        'symbol-placement': along ? 'line' : 'point',
        'symbol-spacing': 420,
        ...(badge ? { 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 1 } : {}),
      },
      paint: {
        'text-color': region ? ['interpolate', ['linear'], ['zoom'], 13.5, ink, 14.5, '#75828B'] : ground ? ink : badge ? (style.outline ?? ink) : ink,
        'text-halo-color': halo,
        'text-halo-width': 1.4,
      },
    },
  ];
}
