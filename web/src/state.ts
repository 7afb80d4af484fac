// The page's state: one immutable value. The URL is its spelling (hash.ts), every view a function of it.

import { computed, signal } from '@preact/signals';
import { spell } from './address';
import type { Board } from './board';
import { catalog } from './catalog';
import { fromUrl, toUrl } from './hash';
import { isAccount } from './present';
import type { Lang, Process } from './types';

export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

/** One feature: `collection` is a layer's or an analysis' name, without parameters and day. */
export interface Pick {
  collection: string;
  id: string;
}

export interface State {
  lang: Lang;
  view: View | null;
  analysis: string | null;
  values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  day: string | null;
  hidden: readonly string[];
  /** Layers shown from afar although their badges pile up there. */
  forced: readonly string[];
  only: Readonly<Record<string, readonly string[]>>;
  selected: Pick | null;
  board: Board;
}

export const state = signal<State>(fromUrl(location.search, location.hash));

/** The analysis on show: the one asked for, else the first question that fits; the ledger's own accounts wait to be asked. */
export const process = computed<Process | null>(() => {
  const all = catalog.value?.processes ?? [];
  const fitting = all.filter((one) => one.fit.fits);
  return all.find((one) => one.id === state.value.analysis) ?? fitting.find((one) => !isAccount(one.id)) ?? fitting[0] ?? all[0] ?? null;
});

/** The address of the current question, without its day. */
export const question = computed<string | null>(() => {
  const current = process.value;
  return current ? spell(current, state.value.values[current.id] ?? {}, null) : null;
});

let pushed = { key: '', at: 0 };

function write(step: 'push' | 'replace'): void {
  const url = toUrl(state.value, question.value) || location.pathname;
  if (url === location.search + location.hash) return;
  // A slider held and moved again is one step back, not five.
  const key = `${state.value.analysis}`;
  const together = pushed.key === key && Date.now() - pushed.at < 1500;
  if (step === 'push' && !together) history.pushState(null, '', url);
  else history.replaceState(null, '', url);
  if (step === 'push') pushed = { key, at: Date.now() };
}

export function go(patch: Partial<State>, step: 'push' | 'replace' = 'replace'): void {
  state.value = { ...state.value, ...patch };
  write(step);
}

/** Called when the reader steps back or forward. */
export function listenToHistory(moved: (view: View | null) => void): void {
  addEventListener('popstate', () => {
    const there = fromUrl(location.search, location.hash);
    // What the other tabs were set to is not in the URL and need not be lost.
    state.value = { ...there, values: { ...state.value.values, ...there.values } };
    moved(state.value.view);
  });
}

export function ask(name: string): void {
  go({ analysis: name, selected: null }, 'push');
}

export function setValue(name: string, value: string): void {
  const current = process.value;
  if (!current) return;
  const values = { ...state.value.values[current.id], [name]: value };
  go({ analysis: current.id, values: { ...state.value.values, [current.id]: values } }, 'push');
}

export function toggleLayer(id: string): void {
  const hidden = state.value.hidden;
  go({ hidden: hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id] });
}

export function force(id: string): void {
  const forced = state.value.forced;
  go({ forced: forced.includes(id) ? forced.filter((one) => one !== id) : [...forced, id] });
}

/** Shows one class of a layer and nothing else of it; the same again shows all. */
export function toggleClass(id: string, value: string): void {
  const before = state.value.only[id] ?? [];
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  go({ only: { ...state.value.only, [id]: after } });
}

export function select(pick: Pick | null): void {
  const now = state.value.selected;
  if (now?.collection === pick?.collection && now?.id === pick?.id) return;
  go({ selected: pick });
}
