// What the server says, as the page reads it. Names are the server's own.

import type { Feature as GeoFeature, Geometry } from 'geojson';

export type Lang = 'zh' | 'en';
export type Titles = Readonly<Record<Lang, string>>;
export type Value = string | number | boolean | null | undefined | readonly string[];

export interface Feature extends GeoFeature<Geometry | null, Record<string, Value>> {
  id: string;
}

export interface Link {
  rel: string;
  href: string;
}

export interface Page {
  features: Feature[];
  numberMatched: number;
  numberReturned: number;
  links: Link[];
}

export interface Choice {
  value: string;
  zh: string;
  en: string;
}

export interface Attribute {
  name: string;
  type: 'text' | 'code' | 'int' | 'float' | 'bool' | 'date' | 'instant';
  titles: Titles;
  unit?: string | null;
  domain?: readonly Choice[] | null;
  range?: readonly [number, number] | null;
  personal?: boolean;
  required?: boolean;
}

export interface Badge {
  shape: 'square' | 'triangle' | 'circle' | 'diamond' | 'hexagon';
  char: string;
  color: string;
}

export interface ClassStyle {
  value: string;
  fill?: string;
  outline?: string;
  width?: number;
  hatch?: boolean;
}

export interface Style {
  draw: 'fill' | 'line' | 'badge';
  order?: number;
  fill?: string;
  outline?: string;
  width?: number;
  opacity?: number;
  badge?: Badge;
  class?: string;
  classes?: readonly ClassStyle[];
  label?: { minzoom: number };
}

export interface Figure {
  name: string;
  titles: Titles;
  /** A curve is an array of points. */
  value: number | string | boolean | null | readonly unknown[];
  unit?: string | null;
  /** How a value that is codes reads to people. */
  words?: Titles;
}

export interface Collection {
  id: string;
  title: string;
  titles: Titles;
  kind?: string;
  analysis?: string;
  subject_kind?: string;
  group?: string;
  count?: number;
  revision?: string;
  asOf?: string | null;
  attributes: readonly Attribute[];
  name?: string | null;
  style: Style;
  summary?: readonly Figure[];
  extent?: { spatial?: { bbox?: readonly (readonly number[])[] } };
  parameters?: Readonly<Record<string, Value>>;
  /** Of an analysis: the version of its definition, and what it was made from. */
  version?: string;
  inputs?: readonly { id: string; revision: string }[];
}

export interface Schema {
  type?: 'number' | 'integer' | 'string' | 'array' | 'boolean';
  minimum?: number;
  maximum?: number;
  default?: Value;
  enum?: readonly string[];
  format?: string;
  items?: Schema;
}

export interface Input {
  title?: string;
  titles?: Titles;
  schema: Schema;
  'x-unit'?: string | null;
  'x-control'?: { min: number; max: number; step: number };
  'x-input'?: string;
  /** It means something only where another has one of these values. */
  'x-only'?: { under: string; values: readonly string[] };
  'x-kinds'?: readonly string[];
  /** Of a feature that is named: its kind, and the attributes by which. */
  'x-kind'?: string;
  'x-by'?: readonly string[];
  /** Of an attribute: the parameter that names the layer that has it. */
  'x-on'?: string;
  'x-titles'?: Readonly<Record<string, Titles>>;
  /** Of rule packs: the weightiest force that each has today. */
  'x-forces'?: Readonly<Record<string, string>>;
}

export interface Process {
  id: string;
  title: string;
  titles: Titles;
  question?: Titles;
  method?: Titles;
  inputs: Readonly<Record<string, Input>>;
  properties: readonly Attribute[];
  subject?: string;
  subject_parameter?: string;
  fit: { fits: boolean; reasons?: Titles };
}

export interface MapAbout {
  titles: Titles;
  synthetic: boolean;
  today: string;
  dataDate: string | null;
  bbox: readonly [number, number, number, number];
  attribution?: string;
  writable: boolean;
}

/** What can happen to features of some kinds, as the server offers it. */
export interface EventKind {
  id: string;
  titles: Titles;
  kinds: readonly string[];
  /** Offered at first glance. */
  quick?: boolean;
  /** Written by edits and undo, never by name. */
  system?: boolean;
  units?: readonly string[];
  fields?: readonly Attribute[];
  /** The attributes that it changes by itself. */
  sets?: readonly string[];
  /** Of a transition: the states it may start from, and the one it leads to. */
  from?: readonly string[] | null;
  to?: string | null;
  /** Whoever did that event last must not do this one. */
  not_by?: string | null;
  needs_proof?: boolean;
}

export interface Word {
  value: string;
  titles: Titles;
}

export interface Vocabulary {
  events: readonly EventKind[];
  units: readonly Word[];
  qualifiers: readonly Word[];
}

export type Qualifier = 'exact' | 'approx' | 'at_least';

export interface Quantity {
  value: number;
  unit: string;
  qualifier: Qualifier;
  text?: Titles;
}

export interface Evidence {
  id: string;
  media_type?: string;
  url: string;
  thumbnail: string;
  position?: readonly [number, number] | null;
  taken_at?: string | null;
}

/** An event as it stands in the ledger. */
export interface Recorded {
  id: string;
  collection: string;
  feature: string;
  event: string;
  titles: Titles;
  on: string;
  recorded_at: string;
  author: string;
  by?: string | null;
  note?: string | null;
  quantity?: Quantity | null;
  position?: readonly [number, number] | null;
  evidence: readonly Evidence[];
  fields: Readonly<Record<string, Value>>;
  changes: Readonly<Record<string, Value>>;
  moved: boolean;
  late: boolean;
  undone: boolean;
  undoes: string | null;
}

/** An event on its way to the ledger. Without `on` it is the server's today. */
export interface Draft {
  event: string;
  on?: string;
  by?: string;
  note?: string;
  quantity?: Omit<Quantity, 'text'>;
  position?: readonly [number, number];
  evidence?: readonly string[];
  fields?: Readonly<Record<string, Value>>;
  undoes?: string;
}

export type Role = 'viewer' | 'grid_worker' | 'village' | 'planner' | 'administrator';

export interface Account {
  name: string;
  role: Role;
  villages?: readonly string[];
  cells?: readonly string[];
}

export interface Session {
  /** Whether this server has accounts at all. */
  accounts: boolean;
  account: Account | null;
  may_write: boolean;
  may_read?: boolean;
}

export interface Dispatched {
  issues: readonly { id: string; subject: string; outcome: 'opened' | 'known' | 'relapsed' }[];
  opened: number;
  known: number;
  relapsed: number;
}
