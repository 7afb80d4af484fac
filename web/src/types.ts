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
  type: 'text' | 'code' | 'int' | 'float' | 'bool' | 'date';
  titles: Titles;
  unit?: string | null;
  domain?: readonly Choice[] | null;
  personal?: boolean;
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
  value: number | string | null;
  unit?: string | null;
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
  'x-kinds'?: readonly string[];
  'x-titles'?: Readonly<Record<string, Titles>>;
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
