// A record being written: what the form holds, and the event it becomes. Kept while the page is open, so that a look
// elsewhere loses nothing.

import { signal, type Signal } from '@preact/signals';
import { read, type Read, type Texts } from './fields';
import { startOf, unitsOf } from './offers';
import type { Draft, EventKind, Evidence, Feature, Qualifier, Value } from './types';

export interface Shot {
  key: string;
  preview: string;
  /** Null while it is on its way to the server, and where it was refused. */
  evidence: Evidence | null;
  fault: string | null;
}

export interface Filled {
  on: string;
  by: string;
  amount: string;
  unit: string;
  qualifier: Qualifier;
  note: string;
  fields: Texts;
  shots: readonly Shot[];
  position: readonly [number, number] | null;
}

export const qualifiers: readonly Qualifier[] = ['exact', 'approx', 'at_least'];

export function blank(event: EventKind, feature: Feature | null, on: string): Filled {
  const fields = Object.fromEntries((event.fields ?? []).map((one) => [one.name, startOf(one, feature)]));
  return { on, by: '', amount: '', unit: unitsOf(event)[0] ?? '', qualifier: 'exact', note: '', fields, shots: [], position: null };
}

export type Ready = { draft: Draft; faults: null } | { draft: null; faults: Readonly<Record<string, Exclude<Read, { value: Value }>>> };

/** The event that the form means. Without a day of its own it is of the server's today. */
export function toDraft(event: EventKind, filled: Filled, today: string): Ready {
  const faults: Record<string, Exclude<Read, { value: Value }>> = {};
  const fields: Record<string, Value> = {};
  for (const one of event.fields ?? []) {
    const given = read(one, filled.fields[one.name] ?? '');
    if ('fault' in given) faults[one.name] = given;
    else if (given.value !== null) fields[one.name] = given.value;
  }
  const amount = filled.amount.trim();
  const number = Number(amount.replace(/[,，]/g, ''));
  if (amount && !(number >= 0 && Number.isFinite(number))) faults.$amount = { fault: 'number' };
  if (!filled.on) faults.$on = { fault: 'date' };
  else if (filled.on > today) faults.$on = { fault: 'high' };
  if (Object.keys(faults).length) return { draft: null, faults };
  const evidence = filled.shots.flatMap((one) => (one.evidence ? [one.evidence.id] : []));
  return {
    faults: null,
    draft: {
      event: event.id,
      ...(filled.on === today ? {} : { on: filled.on }),
      ...(filled.by.trim() ? { by: filled.by.trim() } : {}),
      ...(filled.note.trim() ? { note: filled.note.trim() } : {}),
      ...(amount ? { quantity: { value: number, unit: filled.unit, qualifier: filled.qualifier } } : {}),
      ...(filled.position ? { position: filled.position } : {}),
      ...(evidence.length ? { evidence } : {}),
      ...(Object.keys(fields).length ? { fields } : {}),
    },
  };
}

const kept = new Map<string, Signal<Filled>>();

/** The form of one event of one feature, as it was left. */
export function draftOf(key: string, start: () => Filled): Signal<Filled> {
  const known = kept.get(key);
  if (known) return known;
  const made = signal(start());
  kept.set(key, made);
  return made;
}

export function done(key: string): void {
  for (const one of kept.get(key)?.value.shots ?? []) URL.revokeObjectURL(one.preview);
  kept.delete(key);
}
