// What is only for the moment and belongs to no link: open menus, the pointer, the sheet's height, toasts.

import { signal } from '@preact/signals';
import type { Pick, View } from './state';
import type { MapView, Padding } from './map/view';

export type Layout = 'desk' | 'drawer' | 'phone';

const phone = matchMedia('(max-width: 720px)');
const narrow = matchMedia('(max-width: 1199px)');
const measured = (): Layout => (phone.matches ? 'phone' : narrow.matches ? 'drawer' : 'desk');

export const layout = signal<Layout>(measured());
for (const query of [phone, narrow]) query.addEventListener('change', () => (layout.value = measured()));

export const map = signal<MapView | null>(null);
export const hovered = signal<Pick | null>(null);
/** Results picked to be dispatched together; null: nothing is being picked. */
export const picked = signal<ReadonlySet<string> | null>(null);
export const pointer = signal<{ lon: number; lat: number } | null>(null);
export const view = signal<View | null>(null);
export const drawerOpen = signal(false);
export const layerSheet = signal(false);
export const stop = signal<'peek' | 'half' | 'full'>('half');

/** What was just done, and how to take it back. */
export interface Toast {
  text: string;
  undo?: (() => void) | undefined;
  bad?: boolean;
}

export const toast = signal<Toast | null>(null);

let timer = 0;
/** What can be undone stays twice as long. */
export function tell(text: string, more: Omit<Toast, 'text'> = {}): void {
  toast.value = { text, ...more };
  clearTimeout(timer);
  timer = window.setTimeout(() => (toast.value = null), more.undo || more.bad ? 8000 : 4000);
}

/** What is being written about the selected feature: nothing, an event, its attributes, or its end. */
export type Task = { what: 'record'; event: string } | { what: 'edit' } | { what: 'withdraw' };
export const task = signal<Task | null>(null);

/** A new feature on its way: first its layer, then its place. */
export interface Placing {
  layer: string;
  at: [lon: number, lat: number] | null;
}
export const placing = signal<Placing | null>(null);

/** The parameter whose place is being pointed at on the map. */
export const aiming = signal<string | null>(null);

/** The place of a point that is being moved. */
export const moving = signal<[lon: number, lat: number] | null>(null);

export const sheetHeight = { peek: 0, half: 0.46, full: 0.92 } as const;

/** The column of buttons over a phone's map. */
const column = 56;

/** Room on the map that panels and buttons cover. */
export function covered(): Padding {
  if (layout.value !== 'phone') return { top: 0, right: 0, bottom: 0, left: 0 };
  const height = innerHeight;
  const share = stop.value === 'peek' ? 92 / height : sheetHeight[stop.value === 'full' ? 'half' : stop.value];
  return { top: 0, right: column, bottom: Math.round(height * share), left: 0 };
}
