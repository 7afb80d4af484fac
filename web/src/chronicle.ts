// The history of the selected feature, fetched when its card is open and again after every write.

import { computed, effect, signal } from '@preact/signals';
import { aborted, writes } from './data';
import { historyOf } from './ledger';
import { subjectOf } from './showing';
import { state, type Pick } from './state';
import { people } from './story';
import type { Recorded } from './types';

export interface Chronicle {
  of: string;
  status: 'loading' | 'ready' | 'failed';
  events: readonly Recorded[];
  fault: unknown;
}

export const chronicle = signal<Chronicle | null>(null);

/** Names met in histories since the page was opened: whom a form proposes. */
const met = signal<readonly string[]>([]);
export const knownPeople = computed<readonly string[]>(() => [...new Set([...people(chronicle.value?.events ?? []), ...met.value])].slice(0, 30));

let running: AbortController | null = null;

async function fetchFor(pick: Pick, of: string): Promise<void> {
  const abort = (running = new AbortController());
  const before = chronicle.value;
  chronicle.value = { of, status: 'loading', events: before?.of === of ? before.events : [], fault: null };
  try {
    const events = await historyOf(pick, abort.signal);
    chronicle.value = { of, status: 'ready', events, fault: null };
    met.value = [...new Set([...people(events), ...met.value])];
  } catch (fault) {
    if (!aborted(fault)) chronicle.value = { of, status: 'failed', events: [], fault };
  }
}

/** A word, so that it is fetched when another feature is meant, not whenever a layer comes in. */
const meant = computed<string | null>(() => {
  const { selected } = state.value;
  const pick = selected && subjectOf(selected);
  return pick ? `${pick.collection}/${pick.id}` : null;
});

export function rereadChronicle(): void {
  const of = meant.value;
  running?.abort();
  if (!of) chronicle.value = null;
  else void fetchFor({ collection: of.slice(0, of.indexOf('/')), id: of.slice(of.indexOf('/') + 1) }, of);
}

export function keepChronicle(): void {
  effect(() => {
    void [meant.value, writes.value];
    queueMicrotask(rereadChronicle);
  });
}
