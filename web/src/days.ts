// Days of the calendar as numbers, for sliders and counts. A day is the map's day: no hours, no zones.

const milliseconds = 86_400_000;

/** Days since 1970. */
export function numberOf(day: string): number {
  return Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / milliseconds);
}

export function dayOf(number: number): string {
  return new Date(number * milliseconds).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOf(numberOf(day) + days);
}

/** The Monday on or before a day. */
export function monday(number: number): number {
  return number - ((((number + 3) % 7) + 7) % 7);
}

export interface Span {
  first: number;
  last: number;
}

const least = 28;
const most = 366;

/**
 * What the slider runs over: from the first event to today, neither a handful of days nor many years; always with the day
 * in view. `days` ascend.
 */
export function spanOf(days: readonly number[], today: number, shown: number | null): Span {
  const first = days[0] ?? today;
  const from = Math.max(today - most, Math.min(first - 1, today - least));
  return { first: Math.min(from, shown ?? from), last: today };
}

export interface Tick {
  /** The first and the last day it counts. */
  from: number;
  to: number;
  count: number;
}

/** How many events each day had, or each week where the days are many. `days` ascend. */
export function ticks(days: readonly number[], { first, last }: Span): Tick[] {
  const weekly = last - first > 62;
  const tally = new Map<number, number>();
  for (const day of days) {
    if (day < first || day > last) continue;
    const start = weekly ? Math.max(first, monday(day)) : day;
    tally.set(start, (tally.get(start) ?? 0) + 1);
  }
  return [...tally]
    .sort((a, b) => a[0] - b[0])
    .map(([from, count]) => ({ from, to: weekly ? Math.min(last, monday(from) + 6) : from, count }));
}

/** The day of an instant, in the reader's own calendar. */
export function localDay(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant.slice(0, 10);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** 10-05 within the year of `today`, else 2025-10-05. */
export function short(day: string, today: string): string {
  return day.slice(0, 4) === today.slice(0, 4) ? day.slice(5, 10) : day.slice(0, 10);
}

/** The days of events, ascending, from the table of them that the server answers with; without what was undone. */
export function readDays(csv: string): number[] {
  const [head = '', ...lines] = csv.replace(/^\uFEFF/, '').trim().split(/\r?\n/);
  const names = head.split(',');
  const [on, undone] = [names.indexOf('on'), names.indexOf('undone')];
  return lines
    .map((line) => line.split(','))
    .filter((cells) => on >= 0 && cells[undone] !== 'true' && /^\d{4}-\d{2}-\d{2}/.test(cells[on] ?? ''))
    .map((cells) => numberOf(cells[on]!))
    .sort((a, b) => a - b);
}
