// What new sites change, in households: served before, newly served, still not. Pure.

import { figureOf } from './ranking';
import type { Figure } from './types';

export interface Gain {
  all: number;
  before: number;
  gained: number;
  left: number;
}

/** Read off the figures of an answer; null where it does not say. What is gained is part of what is served then. */
export function gainOf(summary: readonly Figure[]): Gain | null {
  const named = (name: string): number => figureOf(summary, name) ?? NaN;
  const [all, served, gained] = [named('households'), named('covered_households'), named('gain_households')];
  if (!(all > 0 && gained <= served && served <= all)) return null;
  return { all, before: served - gained, gained, left: all - served };
}
