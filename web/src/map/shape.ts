// Outlines of badges on a 24 × 24 sheet, as SVG path data: the canvas and the legend's SVG draw the same strings.

import type { Badge } from '../types';

export const sheet = 24;

export const outlines: Record<Badge['shape'], string> = {
  square: 'M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z',
  circle: 'M12 2.4a9.6 9.6 0 1 1 0 19.2a9.6 9.6 0 1 1 0-19.2z',
  diamond: 'M10.6 1.6a2 2 0 0 1 2.8 0l9 9a2 2 0 0 1 0 2.8l-9 9a2 2 0 0 1-2.8 0l-9-9a2 2 0 0 1 0-2.8z',
  triangle: 'M10.3 2.6a2 2 0 0 1 3.4 0l9.2 16a2 2 0 0 1-1.7 3H2.8a2 2 0 0 1-1.7-3z',
  hexagon: 'M11 1.6a2 2 0 0 1 2 0l7.6 4.4a2 2 0 0 1 1 1.7v8.6a2 2 0 0 1-1 1.7L13 22.4a2 2 0 0 1-2 0L3.4 18a2 2 0 0 1-1-1.7V7.7a2 2 0 0 1 1-1.7z',
};

/** Where the character's middle stands: lower in a triangle, which is narrow above. */
export const charAt = (shape: Badge['shape']): { x: number; y: number; size: number } =>
  shape === 'triangle' ? { x: 12, y: 15.2, size: 9.6 }
  : shape === 'diamond' ? { x: 12, y: 12.2, size: 11 }
  : { x: 12, y: 12.2, size: 12.5 };
