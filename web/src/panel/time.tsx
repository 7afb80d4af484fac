// The day on which the map stands: a slider over the days, with marks where something happened.

import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, layers } from '../data';
import { dayOf, numberOf } from '../days';
import { number, prose } from '../format';
import { today } from '../may';
import { go, state } from '../state';
import { marks, span } from '../timeline';
import { layout } from '../ui';
import { say } from '../words';
import { Day } from './day';
import { Icon } from './icons';

/** On a phone it is asked for. */
export const timeOpen = signal(false);
const playing = signal(false);

function show(day: string | null, step: 'push' | 'replace'): void {
  const wanted = day && day < today.value ? day : null;
  if (wanted !== state.value.day) go({ day: wanted }, step);
}

/** Everything of the day before has come in. */
function settled(): boolean {
  return answer.value?.status !== 'running' && !Object.values(layers.value).some((one) => one.status === 'loading');
}

const beat = 1100; // milliseconds a week

/** Steps a week at a time to today, and never faster than the map can follow. */
function Player() {
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => {
      // Paused just now: the timer goes with the next paint.
      if (!playing.value || !settled()) return;
      const day = state.value.day;
      if (!day) return void (playing.value = false);
      show(dayOf(numberOf(day) + 7), 'replace');
    }, beat);
    return () => clearInterval(timer);
  }, [playing.value]);
  const turn = (): void => {
    if (!playing.value && !state.value.day && span.value) show(dayOf(span.value.first), 'push');
    playing.value = !playing.value;
  };
  return <button class="time-button" aria-label={say(playing.value ? 'page-pause' : 'page-play')} title={say(playing.value ? 'page-pause' : 'page-play')} onClick={turn} data-play><Icon name={playing.value ? 'pause' : 'play'} size={18} /></button>;
}

export function Time() {
  const range = span.value;
  if (!range || (layout.value === 'phone' && !timeOpen.value && !state.value.day)) return null;
  const day = state.value.day;
  return (
    <section class={day ? 'time past' : 'time'} aria-label={say('page-time')} data-time>
      <Player />
      <Slider first={range.first} last={range.last} at={day ? numberOf(day) : range.last} />
      <span class="time-day"><Day label={say('page-as-of')} max={today.value} value={day ?? today.value} give={(one) => { playing.value = false; show(one, 'push'); }} input="as-of" needed /></span>
      <button class="time-today" disabled={!day} onClick={() => { playing.value = false; show(null, 'push'); }} data-today>{say('page-today')}</button>
      {layout.value === 'phone' && <button class="time-button" aria-label={say('page-close')} onClick={() => { timeOpen.value = false; show(null, 'push'); }}><Icon name="close" size={16} /></button>}
    </section>
  );
}

function Slider({ first, last, at }: { first: number; last: number; at: number }) {
  const held = useSignal<number | null>(null);
  useEffect(() => {
    if (held.value === null) return;
    // The map follows a slider that rests, not every day it passes.
    const timer = setTimeout(() => { show(held.value === last ? null : dayOf(held.value!), 'push'); held.value = null; }, 160);
    return () => clearTimeout(timer);
  }, [held.value]);
  const shown = held.value ?? at;
  const share = ((shown - first) / (last - first || 1)) * 100;
  const here = marks.value.find((one) => one.from <= shown && shown <= one.to)?.count ?? 0;
  const weeks = (event: KeyboardEvent): void => {
    const step = event.key === 'PageUp' ? 7 : event.key === 'PageDown' ? -7 : 0;
    if (!step) return;
    event.preventDefault();
    held.value = Math.max(first, Math.min(last, shown + step));
  };
  return (
    <span class="time-slider">
      <Marks first={first} last={last} shown={shown} />
      <input type="range" min={first} max={last} step={1} value={shown} aria-label={say('page-as-of')} aria-valuetext={`${prose(dayOf(shown))}${here ? `，${say('page-time-count', { count: here })}` : ''}`} style={{ '--share': `${share}%` }}
        onInput={(event) => { playing.value = false; held.value = Number(event.currentTarget.value); }} onKeyDown={weeks} data-slider="day" />
      {held.value !== null && <span class="time-tip" style={{ left: `${share}%` }} aria-hidden="true">{dayOf(shown)}{here ? ` · ${number(here)}` : ''}</span>}
    </span>
  );
}

const height = 16;

/** A bar a day, or a week; what lies after the day in view is pale. */
function Marks({ first, last, shown }: { first: number; last: number; shown: number }) {
  const all = marks.value;
  const most = Math.max(1, ...all.map((one) => one.count));
  const days = last - first + 1;
  return (
    <svg class="time-marks" viewBox={`0 0 ${days} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {all.map((one) => {
        const tall = Math.max(2, Math.sqrt(one.count / most) * height);
        return <rect key={one.from} x={one.from - first + 0.1} width={(one.to - one.from + 1) * 0.82} y={height - tall} height={tall} class={one.from > shown ? 'after' : ''} />;
      })}
    </svg>
  );
}

/** Said plainly: this is not today. */
export function PastBanner() {
  const day = state.value.day;
  if (!day) return null;
  return (
    <div class="over-banner past" role="status" data-past={day}>
      <Icon name="clock" size={16} />
      <strong>{say('page-past', { day: prose(day) })}</strong>
      {layout.value !== 'phone' && <button class="link" onClick={() => { playing.value = false; show(null, 'push'); }}>{say('page-as-of-clear')}</button>}
    </div>
  );
}
