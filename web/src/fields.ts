// What stands in a form, as text, and what it means as values of a feature's attributes. Pure.

import type { Attribute, Value } from './types';

export type Texts = Readonly<Record<string, string>>;

/** A value as a form shows it. */
export function textOf(value: Value): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}

export function textsOf(attributes: readonly Attribute[], properties: Readonly<Record<string, Value>>): Texts {
  return Object.fromEntries(attributes.map((one) => [one.name, textOf(properties[one.name])]));
}

export type Read = { value: Value } | { fault: 'number' | 'whole' | 'low' | 'high' | 'date' | 'empty'; bound?: number };

/** The value that a text means, or why it means none. */
export function read(attribute: Attribute, text: string): Read {
  const given = text.trim();
  if (!given) return attribute.required ? { fault: 'empty' } : { value: null };
  switch (attribute.type) {
    case 'int':
    case 'float': {
      const number = Number(given.replace(/[,，]/g, ''));
      if (!Number.isFinite(number)) return { fault: 'number' };
      if (attribute.type === 'int' && !Number.isInteger(number)) return { fault: 'whole' };
      const [low, high] = attribute.range ?? [-Infinity, Infinity];
      if (number < low) return { fault: 'low', bound: low };
      if (number > high) return { fault: 'high', bound: high };
      return { value: number };
    }
    case 'bool':
      return { value: given === 'true' };
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(given) ? { value: given } : { fault: 'date' };
    default:
      return { value: given };
  }
}

/** Masked: the server holds back most of it, and would take the mask for the value if it were sent. */
export function masked(attribute: Attribute, value: Value): boolean {
  return Boolean(attribute.personal) && typeof value === 'string' && value.includes('*');
}

export interface Reading {
  values: Record<string, Value>;
  faults: Record<string, Exclude<Read, { value: Value }>>;
}

/** Reads a form: only what differs from what it opened with. */
export function changes(attributes: readonly Attribute[], opened: Texts, now: Texts): Reading {
  const reading: Reading = { values: {}, faults: {} };
  for (const one of attributes) {
    const text = now[one.name] ?? '';
    if (text === (opened[one.name] ?? '')) continue;
    const given = read(one, text);
    if ('value' in given) reading.values[one.name] = given.value;
    else reading.faults[one.name] = given;
  }
  return reading;
}

/** Where two people changed the same attribute to different values. */
export interface Clash {
  name: string;
  opened: Value;
  mine: Value;
  theirs: Value;
}

const none = (value: Value): Value => (value === undefined ? null : value);

/** What of mine meets a change of somebody else's, and what they changed beside. */
export function compare(opened: Readonly<Record<string, Value>>, mine: Readonly<Record<string, Value>>, theirs: Readonly<Record<string, Value>>): { clashes: Clash[]; beside: string[] } {
  const changed = (name: string): boolean => textOf(none(theirs[name])) !== textOf(none(opened[name]));
  const clashes = Object.keys(mine)
    .filter((name) => changed(name) && textOf(mine[name]) !== textOf(theirs[name]))
    .map((name) => ({ name, opened: none(opened[name]), mine: none(mine[name]), theirs: none(theirs[name]) }));
  const beside = Object.keys(theirs).filter((name) => !(name in mine) && changed(name));
  return { clashes, beside };
}

/** What of mine is still to be written once it is chosen, clash by clash, whose value holds. */
export function settle(mine: Readonly<Record<string, Value>>, clashes: readonly Clash[], choice: Readonly<Record<string, 'mine' | 'theirs'>>): Record<string, Value> {
  const given = clashes.filter((one) => choice[one.name] === 'theirs').map((one) => one.name);
  return Object.fromEntries(Object.entries(mine).filter(([name]) => !given.includes(name)));
}

/** The attributes whose numbers can be added up: measures and counts, not years, codes of places, shares or coordinates. */
export function countable(attributes: readonly Attribute[]): Attribute[] {
  return attributes.filter((one) => (one.type === 'int' || one.type === 'float') && !['1', '%', 'deg', 'a'].includes(one.unit ?? '') && !one.personal);
}
