// Writes. Each carries a key of its own, so that one sent twice over a bad line is recorded once.

import { request } from './api';

const patience = 800; // milliseconds before the second try

/** A key nobody else has. Plain http on a local network has no `randomUUID`. */
export function freshKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The line broke, as against: the server refused. */
function lost(fault: unknown): boolean {
  return fault instanceof TypeError;
}

export interface Written<T> {
  value: T;
  etag: string | null;
  /** Where what was made is. */
  location: string | null;
}

export interface Write {
  method: 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  /** What the body is: JSON unless it says otherwise. */
  type?: string;
  /** The version that the writer has seen. */
  etag?: string | null;
}

export async function send<T>({ method, path, body, type, etag }: Write): Promise<Written<T>> {
  const headers: Record<string, string> = { Accept: 'application/json, application/geo+json', 'Idempotency-Key': freshKey() };
  if (body !== undefined) headers['Content-Type'] = type ?? 'application/json';
  if (etag) headers['If-Match'] = etag;
  const init: RequestInit = { method, headers, ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }) };
  const once = (): Promise<Response> => request(path, init);
  const answer = await once().catch((fault: unknown) => {
    if (!lost(fault)) throw fault;
    return new Promise((done) => setTimeout(done, patience)).then(once);
  });
  const text = await answer.text();
  return { value: (text ? JSON.parse(text) : null) as T, etag: answer.headers.get('etag'), location: answer.headers.get('location') };
}
