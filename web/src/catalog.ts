// What the server has: the map, its layers, its analyses. Read once, and where something was written, again.

import { signal } from '@preact/signals';
import { segment } from './address';
import { getJson } from './api';
import { localDay } from './days';
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

/** The collection of all that was recorded. Its revision tells, for little, whether anybody has written. */
const log = 'events';
let written: string | undefined;

export async function readCatalog(): Promise<void> {
  catalogFault.value = null;
  try {
    const [map, { collections }, { processes }] = await Promise.all([
      getJson<MapAbout>('/map'),
      getJson<{ collections: Collection[] }>('/collections'),
      getJson<{ processes: { id: string }[] }>('/processes'),
    ]);
    const full = await Promise.all(processes.map((one) => getJson<Process>(`/processes/${encodeURIComponent(one.id)}`)));
    written = collections.find((one) => one.id === log)?.revision;
    catalog.value = { map, layers: drawn(collections), processes: full, events: remembers(collections) };
  } catch (fault) {
    catalogFault.value = fault;
  }
}

/** Reads some layers' descriptions again: their counts, and which of them are of another revision than before. */
async function readLayers(ids: readonly string[]): Promise<string[]> {
  const now = catalog.value;
  if (!now) return [];
  const fresh = await Promise.all(ids.map((id) => getJson<Collection>(`/collections/${segment(id)}`)));
  const changed = fresh.filter((one) => layer(one.id)?.revision !== one.revision);
  if (changed.length) catalog.value = { ...catalog.value!, layers: now.layers.map((one) => changed.find((other) => other.id === one.id) ?? one) };
  return changed.map((one) => one.id);
}

/** After a write of this page: the layers it touched. A first event or a first issue brings layers and questions that were not there. */
export async function noteWrite(touched: readonly string[]): Promise<string[]> {
  if (!catalog.value?.events || touched.some((id) => !layer(id))) {
    await readCatalog();
    return [...touched];
  }
  const [changed, { revision }] = await Promise.all([readLayers(touched), getJson<Collection>(`/collections/${log}`)]);
  written = revision;
  return changed;
}

/** Whether somebody else has written since: the layers that are not what they were. */
export async function noteOthers(): Promise<string[]> {
  const now = catalog.value;
  if (!now) return [];
  if (localDay(new Date().toISOString()) !== now.map.today) catalog.value = { ...now, map: await getJson<MapAbout>('/map') };
  if (!now.events) return [];
  const { revision } = await getJson<Collection>(`/collections/${log}`);
  if (revision === written) return [];
  written = revision;
  return readLayers(now.layers.map((one) => one.id));
}

export function layer(id: string): Collection | undefined {
  return catalog.value?.layers.find((one) => one.id === id);
}
