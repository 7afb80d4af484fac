// What each number of sites comes to: the points of a curve, and the steps of its axes.

export interface Point {
  n: number;
  share: number;
  gap: number;
  mean_m?: number;
  farthest_m?: number;
  mean_min?: number;
  farthest_min?: number;
}

/** The figure as points, where the summary has one. */
export function curveOf(value: unknown): Point[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Point => typeof one?.n === 'number' && typeof one.share === 'number');
}

/** Round steps from 0 to what holds the highest, at most so many. */
export function ticks(top: number, most = 4): number[] {
  if (!(top > 0)) return [0];
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough * 0.999) ?? rough;
  return Array.from({ length: Math.ceil(top / step - 0.001) + 1 }, (_, i) => i * step);
}

/** Whole numbers to write below the axis: first, last and round ones between, not closer than they can be read. */
export function marks(count: number, most = 8): number[] {
  const step = [1, 2, 5, 10, 20].find((k) => count / k <= most) ?? 50;
  return Array.from({ length: count }, (_, i) => i + 1).filter((n) => n === 1 || (n % step === 0 && (n > step / 2 || step === 1)));
}

/** Steps of a share's axis, from a round share below the lowest to 1: a curve that is all near the top would say nothing from 0. */
export function shares(lowest: number): number[] {
  const step = [0.02, 0.05, 0.1, 0.25].find((one) => 1 - Math.floor(lowest / one + 1e-9) * one <= 4 * one + 1e-9) ?? 0.25;
  const count = Math.round((1 - Math.floor(lowest / step + 1e-9) * step) / step);
  return Array.from({ length: Math.max(1, count) + 1 }, (_, i) => 1 - (Math.max(1, count) - i) * step);
}
