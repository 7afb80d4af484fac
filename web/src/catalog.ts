// What the server has: the map, its layers, its analyses. Read once.

import { signal } from '@preact/signals';
import { getJson } from './api';
import type { Collection, MapAbout, Process } from './types';

export interface Catalog {
  map: MapAbout;
  layers: readonly Collection[];
  processes: readonly Process[];
}

export const catalog = signal<Catalog | null>(null);
export const catalogFault = signal<unknown>(null);

export async function readCatalog(): Promise<void> {
  catalogFault.value = null;
  try {
    const [map, { collections }, { processes }] = await Promise.all([
      getJson<MapAbout>('/map'),
      getJson<{ collections: Collection[] }>('/collections'),
      getJson<{ processes: { id: string }[] }>('/processes'),
    ]);
    const full = await Promise.all(processes.map((one) => getJson<Process>(`/processes/${encodeURIComponent(one.id)}`)));
    const layers = collections
      .filter((one) => one.kind && !one.analysis)
      .sort((a, b) => (a.style.order ?? 0) - (b.style.order ?? 0));
    catalog.value = { map, layers, processes: full };
  } catch (fault) {
    catalogFault.value = fault;
  }
}

export function layer(id: string): Collection | undefined {
  return catalog.value?.layers.find((one) => one.id === id);
}
