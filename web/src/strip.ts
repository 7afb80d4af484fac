// A road's sections out of the rows of an answer: two sides each, in the order in which one comes to them.

import type { Feature, Value } from './types';

export interface Half {
  id: string;
  side: 'left' | 'right';
  issues: number;
  unsigned: number;
  lastPatrol: Value;
  estimated: boolean;
}

export interface Section {
  key: string;
  /** Metres from the beginning of the strip. */
  from: number;
  to: number;
  /** What the stones say at both ends. */
  first: number;
  last: number;
  chainage: string;
  chainageTo: string;
  patrolled: boolean;
  estimated: boolean;
  halves: [Half | null, Half | null];
}

const count = (value: Value): number => (typeof value === 'number' ? value : 0);

/** Rows in any order to sections along the road: an id says the line and how far along it a section begins. */
export function sectionsOf(features: readonly Feature[]): Section[] {
  const found = new Map<string, Section>();
  for (const feature of features) {
    const { properties } = feature;
    const id = String(feature.id);
    const [first, last] = [count(properties.from_m ?? null), count(properties.to_m ?? null)];
    const key = id.replace(/:[LR]$/, '');
    const side = properties.side === 'left' ? 'left' : 'right';
    const estimated = properties.basis !== 'parcels';
    const half: Half = { id, side, issues: count(properties.issues ?? null), unsigned: count(properties.unsigned ?? null), lastPatrol: properties.last_patrol ?? null, estimated };
    const one = found.get(key) ?? {
      key, from: 0, to: last - first, first, last, estimated,
      chainage: String(properties.chainage ?? ''), chainageTo: String(properties.chainage_to ?? ''),
      patrolled: properties.unpatrolled === false, halves: [null, null],
    };
    one.halves[side === 'left' ? 0 : 1] = half;
    found.set(key, one);
  }
  const all = [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  let reached = 0;
  for (const one of all) {
    one.to = reached + one.to;
    one.from = reached;
    reached = one.to;
  }
  return all;
}

export const spanOf = (sections: readonly Section[]): number => sections.at(-1)?.to ?? 0;

/** Stones at every `step` metres of the road's own count, so far apart that their names do not touch. */
export function markEvery(sections: readonly Section[], step: number, apart: number): { at: number; text: string }[] {
  const marks: { at: number; text: string }[] = [];
  for (const one of sections) {
    for (let stone = Math.ceil(one.first / step) * step; stone < one.last || (stone === one.last && one === sections.at(-1)); stone += step) {
      const at = one.from + (stone - one.first);
      if (marks.length && at - marks.at(-1)!.at < apart) continue;
      marks.push({ at, text: `K${stone / 1000}` });
    }
  }
  return marks;
}
