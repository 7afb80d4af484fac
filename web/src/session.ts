// Who is there, and whether they may write.

import { signal } from '@preact/signals';
import { language, onStranger, Problem, request } from './api';
import type { Session } from './types';

const nobody: Session = { accounts: false, account: null, may_write: false };

export const session = signal<Session>(nobody);
/** Set while the page waits for somebody to sign in; called with whether they did. */
export const waiting = signal<((done: boolean) => void) | null>(null);

let asked: Promise<boolean> | null = null;

/** Opens the dialog; whoever else asks meanwhile waits for the same answer. */
export function demand(): Promise<boolean> {
  asked ??= new Promise<boolean>((done) => {
    waiting.value = (yes) => {
      asked = null;
      waiting.value = null;
      done(yes);
    };
  });
  return asked;
}

export async function readSession(): Promise<void> {
  const answer = await request('/session');
  session.value = (await answer.json()) as Session;
}

/** Not through `request`: a wrong password must not open the dialog that it was typed into. */
export async function signIn(name: string, password: string): Promise<void> {
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language() },
    body: JSON.stringify({ name, password }),
  });
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (!answer.ok) throw new Problem(answer.status, String(body.code ?? ''), String(body.detail ?? answer.statusText));
  await readSession();
  waiting.value?.(true);
}

export async function signOut(): Promise<void> {
  await request('/session', { method: 'DELETE' });
  await readSession();
}

onStranger(demand);
