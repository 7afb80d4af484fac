// When things happened: the days of all events, for the marks under the date slider.

import { computed, effect, signal } from '@preact/signals';
import { request } from './api';
import { catalog } from './catalog';
import { writes } from './data';
import { numberOf, readDays, spanOf, ticks, type Span, type Tick } from './days';
import { state } from './state';

/** Ascending, one number an event that counts. */
export const eventDays = signal<readonly number[]>([]);

export function keepTimeline(): void {
  effect(() => {
    void writes.value;
    if (!catalog.value?.events) return;
    void request('/collections/events/items?f=csv&properties=on,undone').then(async (answer) => (eventDays.value = readDays(await answer.text())), () => undefined);
  });
}

export const span = computed<Span | null>(() => {
  const about = catalog.value?.map;
  return about ? spanOf(eventDays.value, numberOf(about.today), state.value.day ? numberOf(state.value.day) : null) : null;
});

export const marks = computed<readonly Tick[]>(() => (span.value ? ticks(eventDays.value, span.value) : []));
