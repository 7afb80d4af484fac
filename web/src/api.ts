// The one place that talks to the server. Everything asked for is of this origin.

import { segment } from './address';
import { lang } from './words';
import type { Collection, Page } from './types';

/** A refusal in the server's own words. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly parameter: string | null = null,
    readonly body: Body = {},
  ) {
    super(detail);
  }
}

/** What else a refusal carries: the two versions of a conflict, the rows of a list. */
type Body = Readonly<Record<string, unknown>>;

async function refusal(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const detail = String(body.detail ?? body.title ?? answer.statusText);
    return new Problem(answer.status, String(body.code ?? ''), detail, body.parameter ? String(body.parameter) : null, body);
  } catch {
    return new Problem(answer.status, '', `${answer.status} ${answer.statusText}`);
  }
}

/** Asks who is there; true: somebody signed in, and what was refused may be tried again. */
let signIn: () => Promise<boolean> = async () => false;

export function onStranger(ask: () => Promise<boolean>): void {
  signIn = ask;
}

export const language = (): string => (lang.value === 'zh' ? 'zh-CN' : 'en');

/** One request; a stranger is asked to sign in and then let try once more. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const asked = (): Promise<Response> => fetch(path, { ...init, headers: { 'Accept-Language': language(), ...init.headers } });
  let answer = await asked();
  if (answer.status === 401 && (await signIn())) answer = await asked();
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

export async function getText(path: string): Promise<string> {
  return (await request(path)).text();
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await request(path, { headers: { Accept: 'application/json, application/geo+json' }, signal: signal ?? null });
  return (await answer.json()) as T;
}

export interface Window {
  limit?: number;
  bbox?: readonly number[];
}

export function itemsPath(id: string, window: Window): string {
  const query = new URLSearchParams();
  if (window.limit) query.set('limit', String(window.limit));
  if (window.bbox) query.set('bbox', window.bbox.map((degree) => degree.toFixed(6)).join(','));
  return `/collections/${segment(id)}/items?${query}`;
}

export function items(id: string, window: Window, signal?: AbortSignal): Promise<Page> {
  return getJson<Page>(itemsPath(id, window), signal);
}

/** The next page, if there is one. Only its path is followed: a proxy may not know its own name. */
export function nextPath(page: Page): string | null {
  const link = page.links.find((one) => one.rel === 'next');
  if (!link) return null;
  const url = new URL(link.href, location.href);
  return url.pathname + url.search;
}

export function describe(id: string, signal?: AbortSignal): Promise<Collection> {
  return getJson<Collection>(`/collections/${segment(id)}`, signal);
}

/** Where a collection's tiles are. */
export const tilesPath = (id: string): string => `/collections/${segment(id)}/tiles/WebMercatorQuad/{z}/{y}/{x}`;

export const formats = ['geojson', 'csv', 'gpkg', 'fgb'] as const;
export type Format = (typeof formats)[number];

/** A download of the whole collection, never of the page that happens to be loaded. */
export function exportPath(id: string, format: Format, filter: string | null = null): string {
  const query = new URLSearchParams({ f: format });
  if (format === 'geojson') query.set('limit', '1000000');
  if (filter) query.set('filter', filter);
  return `/collections/${segment(id)}/items?${query}`;
}
