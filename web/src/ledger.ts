// The ledger as the page uses it: what can be recorded, the history of a feature, and every way of writing.

import { signal } from '@preact/signals';
import type { Geometry } from 'geojson';
import { segment } from './address';
import { getJson, request } from './api';
import { refresh } from './data';
import { send, type Written } from './send';
import type { Pick } from './state';
import { newest } from './story';
import type { Dispatched, Draft, EventKind, Evidence, Feature, Recorded, Titles, Value, Vocabulary } from './types';

export const vocabulary = signal<Vocabulary>({ events: [], units: [], qualifiers: [] });

interface Told extends Omit<Vocabulary, 'events'> {
  events: readonly (EventKind & { kind?: string })[];
}

export async function readVocabulary(): Promise<void> {
  const told = await getJson<Told>('/events/kinds');
  // Told once for all its kinds, or once for each of them.
  vocabulary.value = { ...told, events: told.events.map((one) => ({ ...one, kinds: one.kinds ?? (one.kind ? [one.kind] : []) })) };
}

export function eventKind(id: string, kind: string | undefined): EventKind | undefined {
  return vocabulary.value.events.find((one) => one.id === id && (one.kinds.includes('*') || one.kinds.includes(kind ?? '')));
}

/** What was written is written, even if it cannot be shown just now. */
const show = (layers: readonly string[]): Promise<void> => refresh(layers).catch(() => undefined);

const itemsOf = (collection: string): string => `/collections/${segment(collection)}/items`;
const itemOf = ({ collection, id }: Pick): string => `${itemsOf(collection)}/${encodeURIComponent(id)}`;

/** Newest first, undone ones too. */
export async function historyOf(pick: Pick, signal?: AbortSignal): Promise<Recorded[]> {
  const { events } = await getJson<{ events: (Omit<Recorded, 'titles'> & { titles: Titles | null })[] }>(`${itemOf(pick)}/events`, signal);
  // An event whose kind is no longer known still has its name.
  return events.map((one) => ({ ...one, titles: one.titles ?? { zh: one.event, en: one.event } }));
}

/** The event that this page wrote last: it is shown wherever in the history it stands. */
export const written = signal<string | null>(null);

export async function record(pick: Pick, draft: Draft): Promise<Recorded> {
  const { value } = await send<Recorded>({ method: 'POST', path: `${itemOf(pick)}/events`, body: draft });
  written.value = value.id;
  await show([pick.collection]);
  return value;
}

export function undo(pick: Pick, event: string): Promise<Recorded> {
  return record(pick, { event: 'undone', undoes: event });
}

/** Undoes whatever was recorded last of a feature: an edit answers with the feature, not with its event. */
export async function undoLast(pick: Pick): Promise<void> {
  const last = newest(await historyOf(pick));
  if (last) await undo(pick, last.id);
}

/** A feature fresh from the server, with the version that an edit must name. */
export async function fetchItem(pick: Pick): Promise<Written<Feature>> {
  const answer = await request(itemOf(pick), { headers: { Accept: 'application/geo+json' } });
  return { value: (await answer.json()) as Feature, etag: answer.headers.get('etag'), location: null };
}

export interface Patch {
  properties?: Readonly<Record<string, Value>>;
  geometry?: Geometry;
}

export async function change(pick: Pick, patch: Patch, etag: string | null): Promise<Written<Feature>> {
  const written = await send<Feature>({ method: 'PATCH', path: itemOf(pick), body: patch, type: 'application/merge-patch+json', etag });
  await show([pick.collection]);
  return written;
}

export async function withdraw(pick: Pick, note: string, etag: string | null): Promise<void> {
  await send({ method: 'DELETE', path: itemOf(pick), body: { note }, etag });
  await show([pick.collection]);
}

/** The id that the new feature was given: the end of its address. */
export async function create(layer: string, geometry: Geometry, properties: Readonly<Record<string, Value>>): Promise<string> {
  const { location } = await send({ method: 'POST', path: itemsOf(layer), body: { type: 'Feature', geometry, properties }, type: 'application/geo+json' });
  await show([layer]);
  return decodeURIComponent((location ?? '').split('/').at(-1) ?? '');
}

export interface Order {
  type?: string;
  triage?: string;
  rectify_by?: string;
  assignee?: string;
  note?: string;
}

/** Opens an issue for each of these results, or finds the one that there is. */
export async function dispatch(collection: string, features: readonly string[], order: Order): Promise<Dispatched> {
  const { value } = await send<Dispatched>({ method: 'POST', path: `/collections/${segment(collection)}/dispatch`, body: { features, ...order } });
  await show(['issues']);
  return value;
}

export async function upload(file: Blob): Promise<Evidence> {
  return (await send<Evidence>({ method: 'POST', path: '/evidence', body: file, type: file.type })).value;
}
