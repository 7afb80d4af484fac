// The map's images, drawn at run time at three pixels a point: sharp on every screen, and no sprite file to fetch.

import type { Badge } from '../types';
import { charAt, outlines, sheet } from './shape';

export const pixelRatio = 3;
const fontStack = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';

function canvas(width: number, height: number): CanvasRenderingContext2D {
  const element = document.createElement('canvas');
  element.width = width * pixelRatio;
  element.height = height * pixelRatio;
  const context = element.getContext('2d', { willReadFrequently: true })!;
  context.scale(pixelRatio, pixelRatio);
  return context;
}

function pixels(context: CanvasRenderingContext2D): ImageData {
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

/** Even stripes at 45° that meet at the tile's edges. */
function stripes(context: CanvasRenderingContext2D, size: number, gap: number, color: string, width: number): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  for (let x = -size; x <= 2 * size; x += gap) {
    context.beginPath();
    context.moveTo(x, size + 2);
    context.lineTo(x + size + 4, -2);
    context.stroke();
  }
}

function hatch(color: string, ground: string): ImageData {
  const size = 8;
  const context = canvas(size, size);
  context.fillStyle = ground;
  context.fillRect(0, 0, size, size);
  // The line from (x, size+2) to (x+size+4, -2) is at 45°; one period of 8 keeps the seam closed.
  stripes(context, size, 8, color, 1.3);
  return pixels(context);
}

function badge(shape: Badge['shape'], char: string, color: string, hatched: boolean): ImageData {
  const context = canvas(sheet, sheet);
  const path = new Path2D(outlines[shape]);
  context.strokeStyle = '#FFFFFF';
  context.lineWidth = 2.6;
  context.lineJoin = 'round';
  context.stroke(path);
  context.fillStyle = color;
  context.fill(path);
  if (hatched) {
    context.save();
    context.clip(path);
    stripes(context, sheet, 6, 'rgba(255,255,255,0.55)', 1.6);
    context.restore();
  }
  if (char) {
    const { x, y, size } = charAt(shape);
    context.fillStyle = '#FFFFFF';
    context.font = `600 ${size}px ${fontStack}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(char, x, y + 0.4);
  }
  return pixels(context);
}

function shield(text: string): ImageData {
  const measure = canvas(1, 1);
  const font = `700 11px Arial, ${fontStack}`;
  measure.font = font;
  const width = Math.ceil(measure.measureText(text).width) + 12;
  const context = canvas(width, 18);
  context.fillStyle = '#FFFFFF';
  context.beginPath();
  context.roundRect(0, 0, width, 18, 4);
  context.fill();
  context.fillStyle = '#B3121F';
  context.beginPath();
  context.roundRect(1.2, 1.2, width - 2.4, 15.6, 3);
  context.fill();
  context.fillStyle = '#FFFFFF';
  context.font = font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, width / 2, 9.6);
  return pixels(context);
}

/** The image that an id of style.ts asks for. */
export function draw(id: string): ImageData | null {
  const [what, ...rest] = id.split('|');
  if (what === 'hatch') return hatch(rest[0] ?? '#888', rest[1] ?? '#fff');
  if (what === 'badge') return badge((rest[0] ?? 'circle') as Badge['shape'], rest[1] ?? '', rest[2] ?? '#888', rest[3] === '1');
  if (what === 'shield') return shield(rest[0] ?? '');
  return null;
}
