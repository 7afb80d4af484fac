// What the server has: the map, its layers, its analyses. Read once.

import { signal } from '@preact/signals';
import { getJson } from './api';
import type { Collection, MapAbout, Process } from './types';

export interface Catalog {
  map: MapAbout;
  layers: readonly Collection[];
  processes: readonly Process[];
  /** Whether anything was recorded yet. */
  events: boolean;
}

export const catalog = signal<Catalog | null>(null);
export const catalogFault = signal<unknown>(null);

const remembers = (collections: readonly Collection[]): boolean => collections.some((one) => one.kind === 'event');

/** Layers of the map: events are its memory and drawn nowhere by themselves. */
function drawn(collections: readonly Collection[]): Collection[] {
  return collections.filter((one) => one.kind && one.kind !== 'event' && !one.analysis).sort((a, b) => (a.style.order ?? 0) - (b.style.order ?? 0));
}

let revisions = new Map<string, string | undefined>();

function keep(collections: readonly Collection[]): string[] {
  const now = new Map(collections.filter((one) => one.kind).map((one) => [one.id, one.revision]));
  const changed = [...now].filter(([id, revision]) => revisions.get(id) !== revision).map(([id]) => id);
  revisions = now;
  return changed;
}

export async function readCatalog(): Promise<void> {
  catalogFault.value = null;
  try {
    const [map, { collections }, { processes }] = await Promise.all([
      getJson<MapAbout>('/map'),
      getJson<{ collections: Collection[] }>('/collections'),
      getJson<{ processes: { id: string }[] }>('/processes'),
    ]);
    const full = await Promise.all(processes.map((one) => getJson<Process>(`/processes/${encodeURIComponent(one.id)}`)));
    keep(collections);
    catalog.value = { map, layers: drawn(collections), processes: full, events: remembers(collections) };
  } catch (fault) {
    catalogFault.value = fault;
  }
}

/** Reads the layers again: their counts, and which of them are of another revision than before. */
export async function readLayers(): Promise<string[]> {
  const [map, { collections }] = await Promise.all([getJson<MapAbout>('/map'), getJson<{ collections: Collection[] }>('/collections')]);
  const changed = keep(collections);
  if (catalog.value && (changed.length || map.today !== catalog.value.map.today)) catalog.value = { ...catalog.value, map, layers: drawn(collections), events: remembers(collections) };
  return changed;
}

export function layer(id: string): Collection | undefined {
  return catalog.value?.layers.find((one) => one.id === id);
}
