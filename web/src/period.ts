// Periods of reporting as an address spells them: 2026-10-05, 2026-W44, 2026-10, 2026-Q4, 2026-H2, 2026, 2026-09-01..2026-10-31,
// 2026-09-01.. (since a day). Pure.

import { addDays, dayOf, monday, numberOf } from './days';

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year' | 'since' | 'between';
export const units: readonly Unit[] = ['month', 'week', 'quarter', 'half', 'year', 'day', 'since', 'between'];

const months: Partial<Record<Unit, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

export interface Period {
  unit: Unit;
  first: string;
  /** The last day, which a period that goes on has not. */
  last: string | null;
}

const two = (n: number): string => String(n).padStart(2, '0');
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && dayOf(numberOf(text)) === text;

/** The first day of the month so many months on. */
function shifted(first: string, by: number): string {
  const at = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + by;
  return `${Math.floor(at / 12)}-${two((at % 12) + 1)}-01`;
}

/** The Monday of the first ISO week of a year: the week with 4 January in it. */
const firstWeek = (year: number): number => monday(numberOf(`${year}-01-04`));

/** The period of a kind that a day lies in. */
export function around(unit: Unit, day: string): Period {
  const size = months[unit];
  if (size) {
    const month = Number(day.slice(5, 7)) - 1;
    const first = `${day.slice(0, 4)}-${two(month - (month % size) + 1)}-01`;
    return { unit, first, last: addDays(shifted(first, size), -1) };
  }
  if (unit === 'week') {
    const first = dayOf(monday(numberOf(day)));
    return { unit, first, last: addDays(first, 6) };
  }
  if (unit === 'day') return { unit, first: day, last: day };
  const first = `${day.slice(0, 7)}-01`;
  return { unit, first, last: unit === 'since' ? null : day };
}

export function read(text: string): Period | null {
  const [from = '', to] = text.split('..');
  if (to !== undefined) {
    if (!isDay(from) || (to && (!isDay(to) || to < from))) return null;
    return { unit: to ? 'between' : 'since', first: from, last: to || null };
  }
  if (isDay(text)) return around('day', text);
  const found = /^(\d{4})(?:-(?:(\d{2})|([QqHhWw])(\d{1,2})))?$/.exec(text);
  if (!found) return null;
  const [, year = '', month, mark, digits] = found;
  const nth = Number(digits ?? month ?? 1);
  if (month) return nth >= 1 && nth <= 12 ? around('month', `${year}-${month}-01`) : null;
  if (!mark) return around('year', `${year}-01-01`);
  if (/w/i.test(mark)) {
    const made = around('week', dayOf(firstWeek(Number(year)) + (nth - 1) * 7));
    return digits!.length === 2 && spell(made).slice(0, 4) === year && nth >= 1 ? made : null;
  }
  const size = /q/i.test(mark) ? 3 : 6;
  return digits!.length === 1 && nth >= 1 && nth <= 12 / size ? around(size === 3 ? 'quarter' : 'half', `${year}-${two((nth - 1) * size + 1)}-01`) : null;
}

/** Year and number of an ISO week. */
export function weekOf(first: string): { year: number; week: number } {
  const year = Number(addDays(first, 3).slice(0, 4));
  return { year, week: Math.round((numberOf(first) - firstWeek(year)) / 7) + 1 };
}

export function spell({ unit, first, last }: Period): string {
  const [year, month] = [first.slice(0, 4), Number(first.slice(5, 7))];
  switch (unit) {
    case 'month': return first.slice(0, 7);
    case 'quarter': return `${year}-Q${Math.ceil(month / 3)}`;
    case 'half': return `${year}-H${Math.ceil(month / 6)}`;
    case 'year': return year;
    case 'week': { const { year: of, week } = weekOf(first); return `${of}-W${two(week)}`; }
    case 'day': return first;
    case 'since': return `${first}..`;
    case 'between': return `${first}..${last ?? first}`;
  }
}

/** The period so many on; one that somebody chose the ends of has none. */
export function step(period: Period, by: number): Period | null {
  const size = months[period.unit];
  if (size) return around(period.unit, shifted(period.first, size * by));
  if (period.unit === 'week' || period.unit === 'day') return around(period.unit, addDays(period.first, (period.unit === 'week' ? 7 : 1) * by));
  return null;
}
