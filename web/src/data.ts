// What has been fetched: each layer's features and the answer to the question. Effects keep it in step with the state.

import { effect, signal } from '@preact/signals';
import { describe, getJson, items, nextPath } from './api';
import { byId } from './byid';
import { catalog, noteOthers, noteWrite } from './catalog';
import type { Frame } from './geometry';
import { beneathOf, isWhole } from './present';
import { process, question, state } from './state';
import type { Collection, Feature, Page } from './types';

/** Layers above this are fetched for the window only, from `nearZoom` on; from afar the map shows their tiles. */
export const manyFeatures = 20_000;
export const nearZoom = 13;
const pageSize = 1000;
/** What the page counts, groups or draws as a whole comes whole. */
const sizeOf = (id: string): number => (isWhole(id.split(/[~@]/)[0] ?? '') ? manyFeatures : pageSize);

export interface Loaded {
  status: 'loading' | 'ready' | 'failed' | 'far';
  features: readonly Feature[];
  /** How many there are, not how many are here. */
  matched: number | null;
  fault: unknown;
  /** Only the window's features are here. */
  windowed: boolean;
}

export interface Answered {
  id: string;
  status: 'running' | 'ready' | 'failed' | 'cancelled';
  features: readonly Feature[];
  matched: number | null;
  next: string | null;
  about: Collection | null;
  fault: unknown;
}

export const layers = signal<Readonly<Record<string, Loaded>>>({});
export const answer = signal<Answered | null>(null);
/** What lies beneath the answer: that of another analysis. */
export const beneath = signal<{ id: string; features: readonly Feature[] } | null>(null);
export const visible = signal<Frame | null>(null);
/** Of layers that are seen as tiles: how many features those in view have left out. */
export const leftOut = signal<Readonly<Record<string, number>>>({});
/** Counts what was written, here or (as far as it is known) elsewhere: what depends on the ledger depends on this. */
export const writes = signal(0);

const waiting: Loaded = { status: 'loading', features: [], matched: null, fault: null, windowed: false };
const running = new Map<string, AbortController>();

function put(id: string, patch: Partial<Loaded>): void {
  layers.value = { ...layers.value, [id]: { ...(layers.value[id] ?? waiting), ...patch } };
}

export function aborted(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === 'AbortError';
}

export const dated = (id: string, day: string | null): string => (day ? `${id}@${day}` : id);

/** Fetches a layer whole, or its window's part; `frame` null: whole. */
async function fetchLayer(id: string, day: string | null, frame: Frame | null): Promise<void> {
  running.get(id)?.abort();
  const abort = new AbortController();
  running.set(id, abort);
  const before = layers.value[id];
  put(id, { status: 'loading', fault: null, windowed: frame !== null });
  try {
    const page = await items(dated(id, day), { limit: manyFeatures, ...(frame ? { bbox: frame } : {}) }, abort.signal);
    const matched = frame ? (before?.matched ?? null) : page.numberMatched;
    put(id, { status: 'ready', features: page.features, matched });
  } catch (fault) {
    if (!aborted(fault)) put(id, { status: 'failed', fault });
  }
}

export function retryLayer(id: string): void {
  void fetchLayer(id, state.value.day, layers.value[id]?.windowed ? visible.value : null);
}

const loadedFor = new Map<string, string>();

/** Layers follow the day; very large ones follow the window. */
function keepLayers(): void {
  const { day, hidden, view } = state.value;
  const frame = visible.value;
  for (const layer of catalog.value?.layers ?? []) {
    if (hidden.includes(layer.id)) continue;
    const many = (layer.count ?? 0) > manyFeatures;
    const far = many && (view?.zoom ?? 0) < nearZoom;
    const key = `${day ?? ''}|${!many ? '' : far || !frame ? 'far' : frame.join()}`;
    if (loadedFor.get(layer.id) === key) continue;
    loadedFor.set(layer.id, key);
    if (many && (far || !frame)) {
      running.get(layer.id)?.abort();
      queueMicrotask(() => put(layer.id, { status: 'far', features: [], matched: layer.count ?? null, windowed: true }));
    } else queueMicrotask(() => void fetchLayer(layer.id, day, many ? frame : null));
  }
}

let asking: AbortController | null = null;

async function answerQuestion(id: string): Promise<void> {
  asking?.abort();
  const abort = (asking = new AbortController());
  const before = answer.value;
  const same = before && before.id.split(/[~@]/)[0] === id.split(/[~@]/)[0];
  // The last answer stays on show while the next of the same analysis is worked out: no flicker under a slider.
  const kept = same ? before : { features: [], matched: null, about: null };
  answer.value = { id, status: 'running', features: kept.features, matched: kept.matched, about: kept.about, next: null, fault: null };
  try {
    const page = await items(id, { limit: sizeOf(id) }, abort.signal);
    const about = await describe(id, abort.signal);
    answer.value = { id, status: 'ready', features: page.features, matched: page.numberMatched, next: nextPath(page), about, fault: null };
  } catch (fault) {
    if (!aborted(fault)) answer.value = { id, status: 'failed', features: [], matched: null, about: null, next: null, fault };
  }
}

export function cancelAnswer(): void {
  asking?.abort();
  if (answer.value?.status === 'running') answer.value = { ...answer.value, status: 'cancelled' };
}

export function retryAnswer(): void {
  if (answer.value) void answerQuestion(answer.value.id);
}

export async function moreAnswers(): Promise<void> {
  const now = answer.value;
  if (!now?.next) return;
  const page = await getJson<Page>(now.next);
  if (answer.value?.id !== now.id) return;
  answer.value = { ...now, features: [...now.features, ...page.features], next: nextPath(page) };
}

/** Every result, for what concerns all of them. */
export async function wholeAnswer(): Promise<readonly Feature[]> {
  while (answer.value?.next) await moreAnswers();
  return answer.value?.features ?? [];
}

let timer = 0;
let asked = '';

function keepAnswer(): void {
  const spelled = question.value;
  const fits = catalog.value?.processes.find((one) => one.id === spelled?.split('~')[0])?.fit.fits;
  if (!spelled || !fits) {
    asked = '';
    queueMicrotask(() => (answer.value = null));
    return;
  }
  const id = dated(spelled, state.value.day);
  if (id === asked) return;
  const sameName = asked.split(/[~@]/)[0] === id.split(/[~@]/)[0];
  asked = id;
  clearTimeout(timer);
  timer = window.setTimeout(() => void answerQuestion(id), sameName ? 180 : 0);
}

let underneath: AbortController | null = null;

/** Fetches what lies beneath the answer; that it cannot be had leaves the answer as it is. */
function keepBeneath(): void {
  const now = process.value;
  const asked = answer.value?.status === 'ready' ? answer.value.about?.parameters : undefined;
  const wanted = now ? beneathOf(now, catalog.value?.processes ?? [], asked) : null;
  if (answer.value?.status === 'running' && answer.value.id.split(/[~@]/)[0] === now?.id) return;
  const id = wanted && dated(wanted, state.value.day);
  if (id === (beneath.peek()?.id ?? null)) return;
  underneath?.abort();
  if (!id) return queueMicrotask(() => (beneath.value = null));
  const abort = (underneath = new AbortController());
  queueMicrotask(() => (beneath.value = { id, features: [] }));
  void items(id, { limit: pageSize }, abort.signal).then((page) => (beneath.value = { id, features: page.features }), () => undefined);
}

/**
 * Fetches anew what has changed: the layers whose revision is another, those that this page has just written to (a late
 * record changes the past and perhaps not the present), and the answer.
 */
export async function refresh(touched: readonly string[] = []): Promise<void> {
  const changed = touched.length ? await noteWrite(touched) : await noteOthers();
  const stale = state.value.day && changed.length ? [...loadedFor.keys()] : [...new Set([...changed, ...touched])];
  if (!stale.length) return;
  for (const id of stale) loadedFor.delete(id);
  writes.value++;
  keepLayers();
  const now = answer.value;
  if (now && now.status !== 'running') void answerQuestion(now.id);
}

/** Another reader is there: nothing that was fetched for the last one is kept. */
export function forget(): void {
  loadedFor.clear();
  layers.value = {};
  answer.value = null;
  asked = '';
  writes.value++;
}

const between = 60_000; // milliseconds

export function keepData(): void {
  effect(keepLayers);
  effect(keepAnswer);
  effect(keepBeneath);
  const look = (): void => {
    if (document.visibilityState === 'visible' && catalog.value) void refresh().catch(() => undefined);
  };
  setInterval(look, between);
  document.addEventListener('visibilitychange', look);
}

/** The feature that a pick means, wherever it is loaded. */
export function find(pick: { collection: string; id: string } | null): Feature | null {
  if (!pick) return null;
  const now = answer.value;
  const from = now && now.id.split(/[~@]/)[0] === pick.collection ? now.features : layers.value[pick.collection]?.features;
  return from ? byId(from, pick.id) : null;
}
