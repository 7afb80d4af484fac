// What the page needs to know of a shape: its frame, a point inside, whether it holds a point. All in degrees, all for
// looking only: measures come from the server.

import type { Geometry, Position } from 'geojson';

export type Frame = [west: number, south: number, east: number, north: number];

export function positions(geometry: Geometry | null): Position[] {
  if (!geometry) return [];
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates];
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates;
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
    case 'GeometryCollection':
      return geometry.geometries.flatMap(positions);
  }
}

export function frame(geometries: readonly (Geometry | null)[]): Frame | null {
  const out: Frame = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    for (const [x = 0, y = 0] of positions(geometry)) {
      if (x < out[0]) out[0] = x;
      if (y < out[1]) out[1] = y;
      if (x > out[2]) out[2] = x;
      if (y > out[3]) out[3] = y;
    }
  }
  return out[0] <= out[2] ? out : null;
}

/** A circle of so many metres about a place, as a ring. */
export function circle([lng = 0, lat = 0]: Position, metres: number, corners = 64): Position[] {
  const [north, east] = [metres / 111_195, metres / (111_195 * Math.cos((lat * Math.PI) / 180))];
  return Array.from({ length: corners + 1 }, (_, k) => {
    const turn = (2 * Math.PI * (k % corners)) / corners;
    return [lng + east * Math.cos(turn), lat + north * Math.sin(turn)];
  });
}

function polygons(geometry: Geometry | null): Position[][][] {
  if (geometry?.type === 'Polygon') return [geometry.coordinates];
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates;
  return [];
}

function ringArea(ring: readonly Position[]): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [ax = 0, ay = 0] = ring[i]!;
    const [bx = 0, by = 0] = ring[(i + 1) % ring.length]!;
    sum += ax * by - bx * ay;
  }
  return Math.abs(sum) / 2;
}

/** The x where the rings cross the horizontal line at y, ascending. */
function crossings(rings: readonly Position[][], y: number): number[] {
  const xs: number[] = [];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const [ax = 0, ay = 0] = ring[i]!;
      const [bx = 0, by = 0] = ring[(i + 1) % ring.length]!;
      if (ay > y !== by > y) xs.push(ax + ((y - ay) * (bx - ax)) / (by - ay));
    }
  }
  return xs.sort((a, b) => a - b);
}

/** The middle of the widest stretch inside, over a few heights: where a name or a badge sits well. */
function insidePolygon(rings: readonly Position[][]): Position {
  const [, south, , north] = frame([{ type: 'Polygon', coordinates: [...rings] }])!;
  let best: { at: Position; score: number } = { at: rings[0]![0]!, score: -Infinity };
  for (let step = 1; step < 12; step++) {
    const t = step / 12;
    const y = south + (north - south) * t;
    const xs = crossings(rings, y);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const width = xs[i + 1]! - xs[i]!;
      const score = width * (1 - 1.4 * Math.abs(t - 0.5)); // near the middle height, unless it is much narrower there
      if (score > best.score) best = { at: [(xs[i]! + xs[i + 1]!) / 2, y], score };
    }
  }
  return best.at;
}

function middleOf(line: readonly Position[]): Position {
  return line[Math.floor(line.length / 2)] ?? [0, 0];
}

/** A point that stands for the shape: on it, and for polygons inside. */
export function pointOn(geometry: Geometry | null): Position | null {
  switch (geometry?.type) {
    case 'Point':
      return geometry.coordinates;
    case 'MultiPoint':
      return geometry.coordinates[0] ?? null;
    case 'LineString':
      return middleOf(geometry.coordinates);
    case 'MultiLineString':
      return middleOf([...geometry.coordinates].sort((a, b) => b.length - a.length)[0] ?? []);
    case 'Polygon':
    case 'MultiPolygon': {
      const largest = polygons(geometry).sort((a, b) => ringArea(b[0] ?? []) - ringArea(a[0] ?? []))[0];
      return largest?.[0]?.length ? insidePolygon(largest) : null;
    }
    default:
      return null;
  }
}

export function holds(geometry: Geometry | null, at: Position): boolean {
  return polygons(geometry).some((rings) => crossings(rings, at[1]!).filter((x) => x > at[0]!).length % 2 === 1);
}

/** The two nearest places of two shapes, by vertices and edges: where a connecting line is drawn. */
export function between(a: Geometry, b: Geometry): [Position, Position] {
  const squeeze = Math.cos(((pointOn(a)?.[1] ?? 0) * Math.PI) / 180);
  let best: [Position, Position] = [pointOn(a)!, pointOn(b)!];
  let least = Infinity;
  const consider = (from: Geometry, to: Geometry, turned: boolean): void => {
    for (const p of positions(from)) {
      for (const q of feet(p, to, squeeze)) {
        const d = ((p[0]! - q[0]!) * squeeze) ** 2 + (p[1]! - q[1]!) ** 2;
        if (d < least) [least, best] = [d, turned ? [q, p] : [p, q]];
      }
    }
  };
  consider(a, b, false);
  consider(b, a, true);
  return best;
}

function feet(p: Position, geometry: Geometry, squeeze: number): Position[] {
  const lines =
    geometry.type === 'LineString' ? [geometry.coordinates]
    : geometry.type === 'MultiLineString' || geometry.type === 'Polygon' ? geometry.coordinates
    : geometry.type === 'MultiPolygon' ? geometry.coordinates.flat()
    : null;
  if (!lines) return positions(geometry);
  return lines.flatMap((line) =>
    line.slice(1).map((end, i) => {
      const start = line[i]!;
      const [dx, dy] = [(end[0]! - start[0]!) * squeeze, end[1]! - start[1]!];
      const along = ((p[0]! - start[0]!) * squeeze * dx + (p[1]! - start[1]!) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.max(0, Math.min(1, along));
      return [start[0]! + (end[0]! - start[0]!) * t, start[1]! + (end[1]! - start[1]!) * t];
    }),
  );
}

/** How far apart two places are, roughly: for a word beside a form, never for a figure. */
export function metresApart(a: readonly number[], b: readonly number[]): number {
  const squeeze = Math.cos((((a[1] ?? 0) + (b[1] ?? 0)) * Math.PI) / 360);
  return Math.hypot(((a[0] ?? 0) - (b[0] ?? 0)) * squeeze, (a[1] ?? 0) - (b[1] ?? 0)) * 111_195;
}
