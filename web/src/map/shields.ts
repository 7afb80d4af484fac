// Road shields stand where the reader looks: on the visible part of each numbered road, away from the frame's edge,
// so that none is ever cut. Recomputed when the map comes to rest.

import type { Feature as GeoFeature, Geometry, Position } from 'geojson';
import { positions } from '../geometry';

type Road = GeoFeature<Geometry | null>;

export interface Screen {
  width: number;
  height: number;
  project: (at: Position) => { x: number; y: number };
}

const apart = 360; // pixels from one shield to the next on the same road
const inset = 44; // pixels kept free along the frame

export function shields(roads: readonly Road[], screen: Screen): GeoFeature[] {
  const out: GeoFeature[] = [];
  const placed: { x: number; y: number; ref: string }[] = [];
  for (const road of roads) {
    const ref = String(road.properties?.ref ?? '').trim();
    if (!ref || !/^[A-Za-z]?\d{1,4}$/.test(ref)) continue;
    // Numbers are shown for highways: the lanes of a county would drown the map in shields.
    if (!/^[GSgs]|^\d/.test(ref)) continue;
    const line = positions(road.geometry);
    for (let i = 0; i + 1 < line.length; i++) {
      const [a, b] = [screen.project(line[i]!), screen.project(line[i + 1]!)];
      const steps = Math.min(200, Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / 24)));
      for (let step = 0; step < steps; step++) {
        const t = step / steps;
        const [x, y] = [a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t];
        const visible = x > inset && y > inset && x < screen.width - inset && y < screen.height - inset;
        if (!visible || placed.some((one) => one.ref === ref && Math.hypot(one.x - x, one.y - y) < apart)) continue;
        placed.push({ x, y, ref });
        const [p, q] = [line[i]!, line[i + 1]!];
        out.push({
          type: 'Feature',
          properties: { image: `shield|${ref.toUpperCase()}` },
          geometry: { type: 'Point', coordinates: [p[0]! + (q[0]! - p[0]!) * t, p[1]! + (q[1]! - p[1]!) * t] },
        });
      }
    }
  }
  return out;
}
