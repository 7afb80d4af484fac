// Tallies as a township writes them: one line an event and unit, and the sentence of its report. Pure.

import type { Feature } from './types';

export interface Line {
  event: string;
  unit: string | null;
  village: string | null;
  count: number;
  quantity: number | null;
  first: string;
  last: string;
}

function number(feature: Feature, name: string): number | null {
  const value = feature.properties[name];
  return typeof value === 'number' ? value : null;
}

function text(feature: Feature, name: string): string | null {
  const value = feature.properties[name];
  return typeof value === 'string' && value ? value : null;
}

export function lines(features: readonly Feature[]): Line[] {
  return features.map((one) => ({
    event: text(one, 'event') ?? String(one.id),
    unit: text(one, 'unit'),
    village: text(one, 'village'),
    count: number(one, 'count') ?? 0,
    quantity: number(one, 'quantity'),
    first: text(one, 'first_on') ?? '',
    last: text(one, 'last_on') ?? '',
  }));
}

/** The whole town's lines: those of villages added up, one an event and unit. */
export function townwide(all: readonly Line[]): Line[] {
  const sums = new Map<string, Line>();
  for (const one of all) {
    const key = `${one.event} ${one.unit ?? ''}`;
    const sum = sums.get(key);
    if (!sum) sums.set(key, { ...one, village: null });
    else {
      sum.count += one.count;
      sum.quantity = sum.quantity === null && one.quantity === null ? null : (sum.quantity ?? 0) + (one.quantity ?? 0);
      if (one.first < sum.first) sum.first = one.first;
      if (one.last > sum.last) sum.last = one.last;
    }
  }
  return [...sums.values()];
}

/** The villages of a line, the most first. */
export function villagesOf(all: readonly Line[], sum: Line): Line[] {
  return all
    .filter((one) => one.village !== null && one.event === sum.event && one.unit === sum.unit)
    .sort((a, b) => (b.quantity ?? b.count) - (a.quantity ?? a.count) || a.village!.localeCompare(b.village!, 'zh'));
}
