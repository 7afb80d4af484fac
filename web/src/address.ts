// The address of a collection: name[~param=value]…[@YYYY-MM-DD]. One question has one spelling: parameters stand in
// the order of the definition and defaults are left out.

import type { Input, Process, Value } from './types';

export interface Address {
  name: string;
  values: Readonly<Record<string, string>>;
  day: string | null;
}

const plain = /[\p{L}\p{N}\-._=',()<>+:]/u;

function escape(value: string): string {
  return Array.from(value, (char) =>
    plain.test(char)
      ? char
      : Array.from(new TextEncoder().encode(char), (byte) => '!' + byte.toString(16).toUpperCase().padStart(2, '0')).join(''),
  ).join('');
}

function unescape(value: string): string {
  return value.replace(/(?:![0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = run.split('!').slice(1).map((hex) => parseInt(hex, 16));
    return new TextDecoder().decode(new Uint8Array(bytes));
  });
}

/** A parameter's value as it stands in an address. */
export function spellValue(value: Value): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** The values that the definition gives when the question leaves them open. */
export function defaults(process: Process): Record<string, string> {
  return Object.fromEntries(Object.entries(process.inputs).map(([name, input]) => [name, spellValue(input.schema.default)]));
}

/** Two spellings mean the same value: lists in any order, numbers by amount. */
function same(input: Input, a: string, b: string): boolean {
  const type = input.schema.type;
  if (type === 'number' || type === 'integer') return Number(a) === Number(b);
  return a === b;
}

/** A list of codes in the order of its definition, so that ticking in another order is not another question. */
function ordered(input: Input, value: string): string {
  const codes = input.schema.items?.enum;
  if (input.schema.type !== 'array' || !codes) return value;
  const chosen = value.split(',').filter(Boolean);
  return [...codes.filter((code) => chosen.includes(code)), ...chosen.filter((code) => !codes.includes(code))].join(',');
}

export function spell(process: Process, values: Readonly<Record<string, string>>, day: string | null): string {
  const parts = [process.id];
  for (const [name, input] of Object.entries(process.inputs)) {
    const given = values[name];
    if (given === undefined) continue;
    const value = ordered(input, given);
    if (!same(input, value, ordered(input, spellValue(input.schema.default)))) parts.push(`${name}=${escape(value)}`);
  }
  return parts.join('~') + (day ? `@${day}` : '');
}

export function parse(id: string): Address {
  const at = id.lastIndexOf('@');
  const day = at >= 0 ? id.slice(at + 1) : null;
  const [name = '', ...rest] = (at >= 0 ? id.slice(0, at) : id).split('~');
  const values: Record<string, string> = {};
  for (const part of rest) {
    const eq = part.indexOf('=');
    if (eq > 0) values[part.slice(0, eq)] = unescape(part.slice(eq + 1));
  }
  return { name, values, day };
}

/** The id as a path segment: what a URL may carry openly stays readable. */
export function segment(id: string): string {
  return encodeURIComponent(id).replace(/%(3D|2C|40|3A|2B)/g, (hex) => decodeURIComponent(hex));
}
