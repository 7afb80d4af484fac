import { expect, test } from 'vitest';
import { around, read, spell, step, type Unit } from './period';

test('a period is spelled as the server spells it, and read back', () => {
  for (const [text, first, last] of [
    ['2026-10-05', '2026-10-05', '2026-10-05'],
    ['2026-W44', '2026-10-26', '2026-11-01'],
    ['2026-W01', '2025-12-29', '2026-01-04'],
    ['2026-W53', '2026-12-28', '2027-01-03'],
    ['2026-10', '2026-10-01', '2026-10-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    ['2026-H1', '2026-01-01', '2026-06-30'],
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-09-01..2026-10-31', '2026-09-01', '2026-10-31'],
    ['2026-09-01..', '2026-09-01', null],
  ] as const) {
    const period = read(text);
    expect([text, period?.first, period?.last, period && spell(period)]).toEqual([text, first, last, text]);
  }
});

test('what is no period is none', () => {
  for (const text of ['', '2026-13', '2026-Q5', '2026-H3', '2025-W53', '2026-00', '2026-1', '2026-02-30', '2026-10-31..2026-10-01', '..2026-10-01', 'soon']) {
    expect([text, read(text)]).toEqual([text, null]);
  }
});

test('the period of a day, and those beside it', () => {
  const spelled = (unit: Unit): string => spell(around(unit, '2026-10-31'));
  expect((['month', 'week', 'quarter', 'half', 'year', 'day', 'since', 'between'] as const).map(spelled)).toEqual(
    ['2026-10', '2026-W44', '2026-Q4', '2026-H2', '2026', '2026-10-31', '2026-10-01..', '2026-10-01..2026-10-31']);
  const before = (text: string): string | null => { const at = step(read(text)!, -1); return at && spell(at); };
  expect(['2026-01', '2026-Q1', '2026-H1', '2026', '2026-W01', '2026-03-01', '2026-09-01..'].map(before)).toEqual(
    ['2025-12', '2025-Q4', '2025-H2', '2025', '2025-W52', '2026-02-28', null]);
});
