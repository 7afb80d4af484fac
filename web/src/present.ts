// How each analysis is shown: its figures, its rows, its bars, what is laid over the map. What is not listed here is
// shown by `plain`, from the definition alone.

import { spell, spellValue } from './address';
import type { Overlay } from './scene';
import type { Feature, Process, Value } from './types';

/** How many results there are for each value of a property, or in each of these shares. */
export type BarRule = { by: string } | { shares: string; steps: readonly number[] };

/** How results are coloured: a colour for each value of a property, or for each step that it reaches, lowest first. */
export type Classing = (
  | { by: string; colors: Readonly<Record<string, string>> }
  | { by: string; steps: readonly number[]; ramp: readonly string[] }
) & {
  /** The results part the ground among them: drawn below roads and badges, edge to edge. */
  ground?: boolean;
  /** Another property with the same classes: bars of it bear the same colours. */
  alike?: string;
  /** What stands out among the classes, by its edge: a colour for each value of a property. */
  edges?: { by: string; colors: Readonly<Record<string, string>> };
  /** The class that steps back. */
  quiet?: string;
  /** Classes that are shares of a figure of the summary: its name, the property that it is the peak of, and from which share on each is, in the order of the colours. */
  of?: { figure: string; measure: string; from: readonly number[] };
};

/** Quiet to strong, one family; safe in print and for the colour-blind (after ColorBrewer's OrRd). */
export const ramp = ['#FEF0D9', '#FDCC8A', '#FC8D59', '#E34A33', '#B30000'] as const;

/** Low to high, sand to teal: as calm as a ground, so that what is marked on it stands out (after ColorBrewer's BrBG). */
const calm = ['#E6CDA3', '#F3E7CF', '#E2EEEA', '#B7D8CF', '#83BBAE'] as const;

/** The colour of one result; null where it has no class. */
export function colorOf(classing: Classing, feature: Feature): string | null {
  const value = feature.properties[classing.by];
  if ('colors' in classing) return classing.colors[String(value)] ?? null;
  const at = typeof value === 'number' ? classing.steps.filter((from) => value >= from).length : 0;
  return classing.ramp[Math.max(0, at - 1)] ?? null;
}

export interface Presentation {
  /** Names of summary figures, at most three; the count of results stands first when none is named. */
  figures: readonly string[];
  /** The property by which a result is called, where it is not the subject's own name. */
  named?: string;
  /** Why it is in the list, below its name: a sentence of the catalogue, filled with its properties. */
  why?: string;
  /** Written large at the right of a row: the first of these properties that the feature has. */
  lead: readonly string[];
  /** What to say where it has none of them, a key of the catalogue. */
  leadNull?: string;
  /** Below the name, and below the lead. */
  left: readonly string[];
  right: readonly string[];
  /** Bars: the first of these rules that parts the results. */
  bars: readonly BarRule[];
  overlay: Overlay;
  /** For classes: how results are coloured; the panel shows the key. */
  classing?: Classing;
  /** For sites: the property that numbers them. */
  rank?: string;
  /** For sites: the parameter that says how far each reaches, and where that is a circle: what other parameters are then. */
  reach?: { parameter: string; where: Readonly<Record<string, readonly string[]>> };
  /** Results that no longer bind anybody, in the list: those of which a property says so. */
  mute?: { by: string; value: string };
  /** For stretches of a road: the properties that say from where to where, in metres. */
  stretch?: { from: string; to: string };
  /** For gaps: the properties that say where the largest circle in one is, and how large. */
  hole?: { lng: string; lat: string; radius: string };
  /** For ties: the property that holds the other feature's id, and the parameter that names its layer. */
  tie?: { id: string; layer: string; label: string };
  /** The map names no village where a parameter says so. */
  nameless?: { parameter: string; value: string };
  /** What lies beneath: the ground that another analysis answers with, asked with the same values of these parameters; not where one has another value than this. */
  beneath?: { analysis: string; same: readonly string[]; unless: Readonly<Record<string, string>> };
  /** Parameters that are folded away, though by their kind they would stand open. */
  minor?: readonly string[];
  /** What, moved this way, lets more (or fewer) through: an empty answer offers the first that means something. */
  relax?: readonly { parameter: string; factor: number }[];
}

/** The tabs that are always in sight, in their order; all other questions stand in a menu, by theme. */
export const tabs = ['issue-board', 'coverage-gaps', 'farms-near-schools', 'uncleaned-waterbodies', 'corridor', 'hotspots', 'siting'];

const themes: Readonly<Record<string, string>> = {
  tallies: 'ledger', 'patrol-coverage': 'ledger',
  screening: 'rules', 'black-odorous-list': 'rules', 'farmland-overlap': 'rules',
  'village-indicators': 'villages', 'grid-check': 'villages', responsible: 'villages',
  density: 'places', clusters: 'places', chainage: 'places',
};

/** The heading of the menu under which a question stands. */
export const themeOf = (name: string): string => themes[name] ?? 'places';

/** What the ledger knows, beside the questions asked of the ground: it has panels of its own and nothing to dispatch. */
const accounts = ['issue-board', 'tallies', 'patrol-coverage', 'village-indicators', 'grid-check', 'responsible'];
export function isAccount(name: string): boolean {
  return accounts.includes(name);
}

/** Counted, grouped or drawn on the page as a whole: their answers are fetched to the end at once. */
export function isWhole(name: string): boolean {
  return isAccount(name) || ['corridor', 'hotspots', 'density'].includes(name);
}

const known: Readonly<Record<string, Partial<Presentation>>> = {
  'coverage-gaps': {
    figures: ['uncovered_households', 'uncovered_road_km', 'uncovered_km2', 'longest_gap_m', 'villages', 'uncovered_share', 'farthest_m', 'farthest_min'],
    minor: ['planned', 'off_road', 'oneway', 'classes'],
    lead: ['uncovered_households', 'uncovered_m', 'nearest_m', 'nearest_min'],
    leadNull: 'page-unreachable',
    left: ['uncovered_share', 'class', 'village'],
    right: ['uncovered_m2', 'snap_m'],
    bars: [{ shares: 'uncovered_share', steps: [0.75, 0.5, 0.25, 0] }, { by: 'class' }, { by: 'village' }],
    overlay: 'gap',
    stretch: { from: 'from_m', to: 'to_m' },
    hole: { lng: 'hole_lng', lat: 'hole_lat', radius: 'hole_radius_m' },
    relax: [{ parameter: 'reach', factor: 0.5 }, { parameter: 'minutes', factor: 0.5 }],
  },
  'service-areas': {
    figures: ['reached_km2', 'reached_road_km', 'reached_share', 'villages_reached', 'stretches', 'road_km', 'reached_most_km2', 'reached_least_km2'],
    minor: ['planned', 'off_road', 'oneway'],
    lead: ['reached_m2', 'reached_m'],
    left: ['class', 'reached_share', 'village'],
    right: ['nearest_m', 'nearest_min', 'snap_m'],
    bars: [{ shares: 'reached_share', steps: [0.75, 0.5, 0.25, 0] }, { by: 'class' }],
    overlay: 'reach',
    stretch: { from: 'from_m', to: 'to_m' },
    relax: [{ parameter: 'reach', factor: 2 }, { parameter: 'minutes', factor: 2 }],
  },
  'issue-board': { overlay: 'issue' },
  'village-indicators': {
    figures: ['villages_listed', 'red', 'black'],
    lead: ['score'],
    left: ['rank'],
    right: ['rates_failed'],
    bars: [],
    overlay: 'classes',
    classing: { by: 'score', steps: [0, 60, 70, 80, 90], ramp: calm, ground: true, edges: { by: 'board', colors: { red: '#C8102E', black: '#2B2F33' } } },
    nameless: { parameter: 'names', value: 'masked' },
  },
  'grid-check': {
    figures: ['grid_gaps', 'grid_overlaps', 'cells_outside'],
    lead: ['area_m2'],
    left: ['flaw', 'level', 'village'],
    right: ['lies_in', 'width_m'],
    bars: [{ by: 'flaw' }, { by: 'village' }],
    overlay: 'classes',
    classing: { by: 'flaw', colors: { gap: '#D55E00', overlap: '#7B3294', outside: '#0072B2', no_village: '#56B4E9', no_cell: '#E69F00', code: '#8A8F98', duplicate: '#5B6770' } },
  },
  responsible: {
    figures: ['answering', 'only_near', 'without_person', 'orphans', 'in_no_cell', 'with_nobody'],
    lead: ['person', 'orphan'],
    leadNull: 'page-nobody-told',
    left: ['level', 'role'],
    right: ['phone', 'distance_m', 'nearest'],
    bars: [{ by: 'orphan' }, { by: 'village' }],
  },
  'patrol-coverage': {
    figures: ['unpatrolled_km', 'patrolled_km', 'patrols'],
    lead: ['days_since'],
    leadNull: 'page-never-patrolled',
    left: ['patrols'],
    right: ['last_patrol'],
    bars: [],
    overlay: 'stretch',
    stretch: { from: 'from_m', to: 'to_m' },
  },
  corridor: {
    figures: ['issues', 'unsigned', 'unpatrolled_km', 'signed_share'],
    lead: ['issues'],
    left: ['side', 'basis'],
    right: ['unsigned'],
    bars: [],
    overlay: 'strips',
    stretch: { from: 'from_m', to: 'to_m' },
  },
  chainage: {
    figures: ['road_km', 'chain_breaks', 'road'],
    lead: ['offset_m', 'length_m'],
    left: ['side', 'numbered_by'],
    right: [],
    bars: [],
    overlay: 'classes',
    classing: { by: 'numbered_by', colors: { declared: '#D55E00', recorded: '#E69F00', assumed: '#8A8F98' } },
    stretch: { from: 'from_m', to: 'to_m' },
  },
  'farms-near-schools': {
    figures: ['farms', 'schools', 'nearest_m'],
    lead: ['distance_m'],
    left: ['school_name'],
    right: ['species', 'head'],
    bars: [{ by: 'school_name' }],
    overlay: 'tie',
    tie: { id: 'school_id', layer: 'schools', label: 'distance_m' },
    relax: [{ parameter: 'distance', factor: 2 }],
  },
  screening: {
    figures: ['worst_mandatory', 'worst_recommended', 'worst_suspended'],
    lead: ['distance_m'],
    left: ['rule', 'target_name'],
    right: ['rule_force'],
    bars: [{ by: 'rule_force' }, { by: 'rule' }],
    overlay: 'classes',
    // All of a subject's rows bear one colour: that of the weightiest rule it hits.
    classing: { by: 'worst_force', colors: { mandatory: '#D55E00', local: '#E69F00', recommended: '#0072B2', suspended: '#8A8F98' }, quiet: 'suspended', alike: 'rule_force' },
    mute: { by: 'rule_force', value: 'suspended' },
  },
  'farmland-overlap': {
    figures: ['on_farmland', 'in_village', 'out_of_village'],
    lead: ['overlap_m2', 'ground'],
    left: ['village'],
    right: ['differs', 'species'],
    bars: [{ by: 'in_village' }, { by: 'village' }],
    overlay: 'subject',
  },
  'uncleaned-waterbodies': {
    figures: ['waterbodies', 'water_mu', 'never_cleaned'],
    lead: ['days_since'],
    leadNull: 'page-never-cleaned',
    minor: ['look_back', 'upstream', 'sample_distance', 'min_area'],
    left: ['village', 'condition', 'failed_limits'],
    right: ['area_m2'],
    bars: [{ by: 'village' }],
    relax: [{ parameter: 'days', factor: 0.5 }],
  },
  hotspots: {
    figures: ['hot', 'in_hot', 'counted'],
    minor: ['neighbours', 'band', 'k', 'weights'],
    named: 'village',
    lead: ['count'],
    why: 'page-why-hotspots',
    right: ['trend', 'class'],
    bars: [{ by: 'trend' }, { by: 'class' }],
    overlay: 'classes',
    classing: { by: 'class', colors: { hot99: ramp[4], hot95: ramp[3], hot90: ramp[2], cold90: '#9ECAE1', cold95: '#4292C6', cold99: '#08519C' }, ground: true },
    relax: [{ parameter: 'fdr', factor: 2 }],
  },
  density: {
    figures: ['peak_km2', 'densest_km2', 'bandwidth_m'],
    named: 'village',
    lead: ['density_km2'],
    left: ['class'],
    right: [],
    bars: [{ by: 'class' }],
    overlay: 'classes',
    classing: { by: 'class', colors: { fifth5: ramp[4], fifth4: ramp[3], fifth3: ramp[2], fifth2: ramp[1], fifth1: ramp[0] }, ground: true, of: { figure: 'peak_km2', measure: 'density_km2', from: [0.8, 0.6, 0.4, 0.2, 0] } },
  },
  clusters: {
    figures: ['clusters', 'in_clusters', 'alone'],
    named: 'village',
    lead: ['count'],
    left: ['area_m2', 'span_days'],
    right: ['last_on'],
    bars: [{ by: 'village' }],
    overlay: 'classes',
    classing: { by: 'count', steps: [2, 6, 11, 21, 51], ramp },
    relax: [{ parameter: 'eps', factor: 2 }],
  },
  siting: {
    figures: ['gain_households', 'covered_share', 'covered_before'],
    named: 'village',
    lead: ['gain_households'],
    left: ['covered_share'],
    right: ['facility_m', 'facility_min'],
    bars: [],
    overlay: 'ranked',
    rank: 'rank',
    reach: { parameter: 'reach', where: { measure: ['straight'], model: ['mclp', 'lscp'] } },
    beneath: { analysis: 'service-areas', same: ['facility', 'where', 'measure', 'reach', 'minutes', 'off_road', 'oneway'], unless: { keep: 'no' } },
    minor: ['off_road', 'oneway', 'clearance', 'spacing', 'demand', 'weight', 'capacity'],
    relax: [{ parameter: 'reach', factor: 2 }, { parameter: 'minutes', factor: 2 }],
  },
  'black-odorous-list': {
    figures: ['black_bodies', 'national', 'provincial', 'black_m2'],
    lead: ['area_m2'],
    leadNull: 'page-area-unknown',
    left: ['lies_in', 'failed_limits'],
    right: ['list'],
    bars: [{ by: 'list' }, { by: 'lies_in' }],
    overlay: 'classes',
    classing: { by: 'list', colors: { national: '#B30000', provincial: '#FC8D59', below: '#FDCC8A' } },
  },
};

/** From the definition alone: the first number leads, the next two stand below it. */
function plain(process: Process): Presentation {
  const numbers = process.properties.filter((one) => one.type === 'float' || one.type === 'int').map((one) => one.name);
  const words = process.properties.filter((one) => one.type === 'text' || one.type === 'code').map((one) => one.name);
  return {
    figures: ['count'],
    lead: numbers.slice(0, 1),
    left: [words[0] ?? 'village'],
    right: numbers.slice(1, 2),
    bars: [{ by: 'village' }],
    overlay: 'subject',
  };
}

export function present(process: Process): Presentation {
  return { ...plain(process), ...known[process.id] };
}

/** How far each site reaches in a straight line, where the answer was asked for so. */
export function reachOf(how: Presentation, asked: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const metres = how.reach && asked?.[how.reach.parameter];
  const meant = Object.entries(how.reach?.where ?? {}).every(([name, values]) => values.includes(String(asked?.[name])));
  return typeof metres === 'number' && meant ? metres : undefined;
}

/** The question whose answer lies beneath that of another, asked with what that one was asked with; null where none does. */
export function beneathOf(process: Process, all: readonly Process[], asked: Readonly<Record<string, unknown>> | undefined): string | null {
  const { beneath } = present(process);
  const other = all.find((one) => one.id === beneath?.analysis);
  if (!beneath || !asked || !other?.fit.fits || Object.entries(beneath.unless).some(([name, value]) => asked[name] === value)) return null;
  const values = beneath.same.flatMap((name) => (name in asked && name in other.inputs ? [[name, spellValue(asked[name] as Value)] as const] : []));
  return spell(other, Object.fromEntries(values), null);
}

/** The property that leads a feature's row. */
export function leadOf(how: Presentation, feature: Feature): string | null {
  return how.lead.find((name) => feature.properties[name] !== null && feature.properties[name] !== undefined) ?? how.lead[0] ?? null;
}

/** Figures to show: those named that the summary has, filled up with others it has; the bare count only for want of more. */
export function pickFigures<T extends { name: string; value?: unknown }>(all: readonly T[], wanted: readonly string[], most = 3): T[] {
  // A curve or a list is drawn, not written.
  const summary = all.filter((one) => typeof one.value !== 'object' || one.value === null);
  const first = wanted.flatMap((name) => summary.filter((one) => one.name === name));
  const others = summary.filter((one) => !first.includes(one));
  return [...first, ...others.filter((one) => one.name !== 'count'), ...others.filter((one) => one.name === 'count')].slice(0, most);
}
