// How each analysis is shown: its figures, its rows, its bars, what is laid over the map. What is not listed here is
// shown by `plain`, from the definition alone.

import type { Overlay } from './scene';
import type { Process } from './types';

export interface Presentation {
  /** Names of summary figures, at most three; the count of results stands first when none is named. */
  figures: readonly string[];
  /** The property written large at the right of a row. */
  lead: string | null;
  /** What to say where the lead is null, a key of the catalogue. */
  leadNull?: string;
  /** Below the name, and below the lead. */
  left: readonly string[];
  right: readonly string[];
  /** Bars: how many results there are for each value of this property, or in each of these shares. */
  bars: { by: string } | { shares: string; steps: readonly number[] } | null;
  overlay: Overlay;
  /** For ties: the property that holds the other feature's id, and the parameter that names its layer. */
  tie?: { id: string; layer: string; label: string };
  /** The parameter that, moved this way, lets more (or fewer) through: what an empty answer offers. */
  relax?: { parameter: string; factor: number };
}

const known: Readonly<Record<string, Partial<Presentation>>> = {
  'coverage-gaps': {
    figures: ['count', 'uncovered_households', 'uncovered_m2'],
    lead: 'uncovered_households',
    left: ['uncovered_share'],
    right: ['uncovered_m2'],
    bars: { shares: 'uncovered_share', steps: [0.75, 0.5, 0.25, 0] },
    overlay: 'gap',
    relax: { parameter: 'reach', factor: 0.5 },
  },
  'farms-near-schools': {
    figures: ['count', 'schools', 'nearest'],
    lead: 'distance_m',
    left: ['school_name'],
    right: ['species', 'head'],
    bars: { by: 'school_name' },
    overlay: 'tie',
    tie: { id: 'school_id', layer: 'schools', label: 'distance_m' },
    relax: { parameter: 'distance', factor: 2 },
  },
  'uncleaned-waterbodies': {
    figures: ['count', 'area_m2', 'never'],
    lead: 'days_since',
    leadNull: 'page-never-cleaned',
    left: ['village', 'condition'],
    right: ['area_m2'],
    bars: { by: 'village' },
    relax: { parameter: 'days', factor: 0.5 },
  },
};

/** From the definition alone: the first number leads, the next two stand below it. */
function plain(process: Process): Presentation {
  const numbers = process.properties.filter((one) => one.type === 'float' || one.type === 'int').map((one) => one.name);
  const words = process.properties.filter((one) => one.type === 'text' || one.type === 'code').map((one) => one.name);
  return {
    figures: ['count'],
    lead: numbers[0] ?? null,
    left: [words[0] ?? 'village'],
    right: numbers.slice(1, 2),
    bars: { by: 'village' },
    overlay: 'subject',
  };
}

export function present(process: Process): Presentation {
  return { ...plain(process), ...known[process.id] };
}

/** Figures to show: those named that the summary has, filled up with others it has. */
export function pickFigures<T extends { name: string }>(summary: readonly T[], wanted: readonly string[], most = 3): T[] {
  const first = wanted.flatMap((name) => summary.filter((one) => one.name === name));
  return [...first, ...summary.filter((one) => !first.includes(one))].slice(0, most);
}
