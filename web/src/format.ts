// Numbers, measures and dates for people. The only place where a metre becomes a kilometre or a 亩.

import { has, lang, say } from './words';
import type { Attribute, Lang, Value } from './types';

export interface Amount {
  number: string;
  unit: string;
}

const mu = 2000 / 3; // square metres
const locales: Record<Lang, string> = { zh: 'zh-CN', en: 'en' };

export function number(value: number, digits = 0): string {
  // A sum of nothing may come as -0.
  if (Object.is(value, -0)) value = 0;
  return new Intl.NumberFormat(locales[lang.value], { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

export function distance(metres: number): Amount {
  if (Math.abs(metres) < 1000) return { number: number(metres), unit: 'm' };
  return { number: number(metres / 1000, 1), unit: 'km' };
}

/** 亩 in Chinese, hectares in English; small ones in square metres. */
export function area(squareMetres: number): Amount {
  const [whole, unit, least] = lang.value === 'zh' ? [mu, '亩', 0.1 * mu] : [10_000, 'ha', 1000];
  if (squareMetres !== 0 && squareMetres < least) return { number: number(squareMetres), unit: 'm²' };
  const amount = squareMetres / whole;
  if (lang.value === 'zh' && amount >= 100_000) return { number: number(amount / 10_000, 1), unit: '万亩' };
  if (lang.value === 'en' && amount >= 10_000) return { number: number(amount / 100), unit: 'km²' };
  return { number: number(amount, amount >= 1000 ? 0 : 1), unit };
}

/** Units that are words of a language: {head}, {household}, d. */
function unitWord(unit: string, count: number): string {
  const key = `page-unit-${unit.replace(/[{}]/g, '').replace(/[^A-Za-z0-9]+/g, '-')}`;
  if (has(key)) return say(key, { count });
  // So many of something to a square kilometre; what stands in brackets beside its word finds no room there.
  if (unit.endsWith('/km2')) return `${{ '1/km2': '', 'm2/km2': 'm²' }[unit] ?? unitWord(unit.slice(0, -4), count).replace(/（.*）/, '')}/km²`;
  return unit.replace(/[{}]/g, '');
}

export function measure(value: number, unit: string | null | undefined): Amount {
  switch (unit) {
    case 'm':
      return distance(value);
    case 'm2':
      return area(value);
    case 'mu':
      return area(value * mu);
    case 'km2':
      return { number: number(value, value < 100 ? 1 : 0), unit: 'km²' };
    case '{feature}/km2':
      return { number: number(value, value < 10 ? 1 : 0), unit: '/km²' };
    case '%':
      return { number: number(value, Number.isInteger(value) ? 0 : 1), unit: '%' };
    case 'share':
      return { number: number(value * 100, 1), unit: '%' };
    default: {
      const digits = unit?.endsWith('/km2') && Math.abs(value) >= 10 ? 0 : Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1;
      return { number: number(value, digits), unit: unit && unit !== '1' ? unitWord(unit, value) : '' };
    }
  }
}

/** The unit in which a number is typed in: as it is stored, not as it is read. */
export function typedUnit(unit: string | null | undefined): string {
  if (unit === 'm2') return 'm²';
  if (unit === 'm' || unit === 'mu') return unit === 'm' ? 'm' : '亩';
  return unit ? measure(2, unit).unit : '';
}

/** A space that does not break parts a number from Latin letters; Chinese words and % stand close. */
export function amount({ number, unit }: Amount): string {
  if (!unit) return number;
  return /^[a-zA-Z]/.test(unit) ? `${number}\u00A0${unit}` : number + unit;
}

/** A measure that somebody has set: 1 km, not 1.0 km. */
export function set(value: number, unit: string | null): string {
  const { number: digits, unit: word } = measure(value, unit);
  return amount({ number: digits.replace(/\.0$/, ''), unit: word });
}

export function unitOf(attribute: Pick<Attribute, 'name' | 'unit'>): string | null {
  if (attribute.unit === '1' || (!attribute.unit && attribute.name.endsWith('_share'))) return 'share';
  return attribute.unit ?? null;
}

/** Along a road: K12+300. */
export function chainage(metres: number): string {
  const whole = Math.round(metres);
  return `K${Math.floor(whole / 1000)}+${String(whole % 1000).padStart(3, '0')}`;
}

export function prose(day: string): string {
  const [year, month, date] = day.slice(0, 10).split('-').map(Number);
  if (!year || !month || !date) return day;
  if (lang.value === 'zh') return `${year}年${month}月${date}日`;
  return new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, date));
}

/** The month of a day: 2026年11月, November 2026. */
export function monthName(day: string): string {
  const [year, month] = day.split('-').map(Number);
  return lang.value === 'zh' ? `${year}年${month}月` : new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${day.slice(0, 7)}-01T00:00:00Z`));
}

/** The days of a week from Monday, in a word and in a letter or two. */
export function weekdays(): { short: string; long: string }[] {
  const named = (day: number, weekday: 'long' | 'short' | 'narrow'): string => new Intl.DateTimeFormat(locales[lang.value], { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({ long: named(day, 'long'), short: lang.value === 'zh' ? named(day, 'narrow') : named(day, 'short').slice(0, 2) }));
}

/** A value as an attribute shows it; null when there is none. */
export function shown(attribute: Attribute, value: Value): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean' || attribute.type === 'bool') return say(String(value) === 'true' ? 'page-yes' : 'page-no');
  if (typeof value === 'number') return amount(measure(value, unitOf(attribute)));
  if (Array.isArray(value)) return value.join(lang.value === 'zh' ? '、' : ', ');
  const choice = attribute.domain?.find((one) => one.value === value);
  if (choice) return choice[lang.value] || choice.zh;
  return String(value);
}

/** 117.42500°E 40.04500°N */
export function position(lon: number, lat: number): string {
  return `${Math.abs(lon).toFixed(4)}°${lon < 0 ? 'W' : 'E'}  ${Math.abs(lat).toFixed(4)}°${lat < 0 ? 'S' : 'N'}`;
}

/** Coordinates as people paste them, in either order where the numbers themselves tell which is which. */
export function readPosition(text: string): [lon: number, lat: number] | null {
  const found = text.match(/^\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*[ENen]?\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*[ENen]?\s*$/);
  if (!found) return null;
  const [a, b] = [Number(found[1]), Number(found[2])];
  if (Math.abs(a) > 90 && Math.abs(a) <= 180 && Math.abs(b) <= 90) return [a, b];
  if (Math.abs(b) > 90 && Math.abs(b) <= 180 && Math.abs(a) <= 90) return [b, a];
  return null;
}
