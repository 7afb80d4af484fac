// Days as people write them, and a month as a sheet of weeks. Pure.

import { addDays, dayOf, monday, numberOf } from './days';

/** A day of the calendar, spelled 2026-11-28; null where there is none such. */
function day(year: number, month: number, date: number): string | null {
  const spelled = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
  const at = Date.parse(`${spelled}T00:00:00Z`);
  return year >= 1000 && !Number.isNaN(at) && new Date(at).toISOString().startsWith(spelled) ? spelled : null;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthNamed = (word: string): number => months.indexOf(word.slice(0, 3).toLowerCase()) + 1;

/** The day that a text means: 2026年11月28日, 2026-11-28, 2026/11/28, 2026.11.28, 20261128, 28 November 2026, November 28, 2026. */
export function readDay(text: string): string | null {
  // Figures of the full width are figures.
  const given = text.normalize('NFKC').trim();
  const plain = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(given) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(given);
  if (plain) return day(Number(plain[1]), Number(plain[2]), Number(plain[3]));
  const before = /^(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})$/.exec(given);
  if (before) return day(Number(before[3]), monthNamed(before[2]!), Number(before[1]));
  const after = /^([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})$/.exec(given);
  return after ? day(Number(after[3]), monthNamed(after[1]!), Number(after[2])) : null;
}

/** The same date of a month so many months on, or that month's last day where it has no such date. */
export function addMonths(from: string, steps: number): string {
  const [year = 0, month = 1, date = 1] = from.split('-').map(Number);
  const at = new Date(Date.UTC(year, month - 1 + steps, 1));
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  return dayOf(Math.floor(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), Math.min(date, last)) / 86_400_000));
}

/** The weeks that a month touches, each from its Monday. */
export function weeksOf(within: string): string[][] {
  const first = `${within.slice(0, 7)}-01`;
  const last = numberOf(addMonths(first, 1)) - 1;
  const weeks: string[][] = [];
  for (let at = monday(numberOf(first)); at <= last; at += 7) weeks.push([0, 1, 2, 3, 4, 5, 6].map((step) => dayOf(at + step)));
  return weeks;
}

export interface Bounds {
  min?: string | undefined;
  max?: string | undefined;
}

export const inside = (day: string, { min, max }: Bounds): boolean => (!min || day >= min) && (!max || day <= max);

export function clamp(day: string, { min, max }: Bounds): string {
  return max && day > max ? max : min && day < min ? min : day;
}

/** Where a key of the keyboard leads from a day of the sheet; null where it leads nowhere. */
export function stepTo(key: string, from: string): string | null {
  switch (key) {
    case 'ArrowLeft': return addDays(from, -1);
    case 'ArrowRight': return addDays(from, 1);
    case 'ArrowUp': return addDays(from, -7);
    case 'ArrowDown': return addDays(from, 7);
    case 'Home': return dayOf(monday(numberOf(from)));
    case 'End': return dayOf(monday(numberOf(from)) + 6);
    case 'PageUp': return addMonths(from, -1);
    case 'PageDown': return addMonths(from, 1);
    default: return null;
  }
}
