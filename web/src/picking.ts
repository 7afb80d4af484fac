// Results picked from a list, to be dispatched together. They belong to their question and are forgotten with it.

import { computed, signal } from '@preact/signals';
import { mayRecord } from './may';
import { isAccount } from './present';
import { rows } from './results';
import { process, state } from './state';
import type { Dispatched } from './types';
import { picked } from './ui';

/** What the form over the list is at: nothing, its fields, or what came of it. */
export const ordering = signal<'form' | Dispatched | null>(null);

/** Issues are opened from what the ground shows today, by those who may write. */
export const mayDispatch = computed<boolean>(() => {
  const now = process.value;
  return Boolean(now?.fit.fits && !isAccount(now.id) && mayRecord.value && !state.value.day);
});

export function pickToggle(id: string): void {
  const now = new Set(picked.value ?? []);
  if (!now.delete(id)) now.add(id);
  picked.value = now;
}

/** The first so many of the list as it is shown; all where no number is given. */
export function pickFirst(count: number | null = null): void {
  picked.value = new Set(rows.value.slice(0, count ?? undefined).map((one) => String(one.id)));
}

export function stopPicking(): void {
  picked.value = null;
  ordering.value = null;
}
