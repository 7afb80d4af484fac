// Tallies as a township writes them: one line an event and unit, and the sentence of its report. Pure.

import type { Feature } from './types';

export interface Line {
  event: string;
  /** Where the same word means different work: a pond is cleaned, and so is a toilet. */
  layer: string | null;
  unit: string | null;
  village: string | null;
  count: number;
  quantity: number | null;
  /** Some of it was reported as “about” or “at least”. */
  hedged: boolean;
  area: number | null;
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
    layer: text(one, 'layer'),
    unit: text(one, 'unit'),
    village: text(one, 'village'),
    count: number(one, 'count') ?? 0,
    quantity: number(one, 'quantity'),
    hedged: one.properties.at_least === true,
    area: number(one, 'area_m2'),
    first: text(one, 'first_on') ?? '',
    last: text(one, 'last_on') ?? '',
  }));
}

export const keyOf = (line: Line): string => [line.event, line.layer ?? '', line.unit ?? ''].join(' ');

const plus = (a: number | null, b: number | null): number | null => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));

/** The whole town's lines: those of villages added up, one an event and unit. */
export function townwide(all: readonly Line[]): Line[] {
  const sums = new Map<string, Line>();
  for (const one of all) {
    const key = keyOf(one);
    const sum = sums.get(key);
    if (!sum) sums.set(key, { ...one, village: null });
    else {
      sum.count += one.count;
      sum.quantity = plus(sum.quantity, one.quantity);
      sum.area = plus(sum.area, one.area);
      sum.hedged ||= one.hedged;
      if (one.first < sum.first) sum.first = one.first;
      if (one.last > sum.last) sum.last = one.last;
    }
  }
  return [...sums.values()];
}

/** The villages of a line, the most first. */
export function villagesOf(all: readonly Line[], sum: Line): Line[] {
  return all
    .filter((one) => one.village !== null && keyOf(one) === keyOf(sum))
    .sort((a, b) => (b.quantity ?? b.count) - (a.quantity ?? a.count) || a.village!.localeCompare(b.village!, 'zh'));
}
