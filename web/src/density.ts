// From which zoom a layer's badges stand clear of each other. Before that they would be a heap, and the map says so
// in the legend instead.

import type { Position } from 'geojson';
import { pointOn } from './geometry';
import type { Feature } from './types';

const apart = 11; // pixels between one badge and the next
const sample = 150;
const few = 80; // so few never make a heap of the whole map

const known = new WeakMap<readonly Feature[], number>();

/** The zoom; 0 when the layer can be shown from afar. */
export function clearFrom(features: readonly Feature[]): number {
  if (features.length <= few) return 0;
  const before = known.get(features);
  if (before !== undefined) return before;
  const points = features.flatMap((one) => { const at = pointOn(one.geometry); return at ? [at] : []; });
  const step = Math.max(1, Math.floor(points.length / sample));
  const distances: number[] = [];
  for (let i = 0; i < points.length; i += step) distances.push(nearest(points, i));
  distances.sort((a, b) => a - b);
  const middle = distances[Math.floor(distances.length / 2)] ?? 0;
  const zoom = middle > 0 ? Math.log2((apart * 360) / (512 * middle)) : 17;
  const made = Math.max(0, Math.min(17, zoom));
  known.set(features, made);
  return made;
}

/** Degrees of longitude to the nearest other point. */
function nearest(points: readonly Position[], at: number): number {
  const [x = 0, y = 0] = points[at]!;
  const stretch = 1 / Math.cos((y * Math.PI) / 180);
  let least = Infinity;
  for (let i = 0; i < points.length; i++) {
    if (i === at) continue;
    const [px = 0, py = 0] = points[i]!;
    const d = (px - x) ** 2 + ((py - y) * stretch) ** 2;
    if (d < least) least = d;
  }
  return Math.sqrt(least);
}
