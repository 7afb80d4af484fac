import { describe, expect, test } from 'vitest';
import { addMonths, clamp, inside, readDay, stepTo, weeksOf } from './calendar';

describe('a day as people write it', () => {
  test('is read in every usual spelling of both languages', () => {
    for (const text of ['2026-11-28', '2026/11/28', '2026.11.28', '20261128', '2026年11月28日', ' 2026 年 11 月 28 日 ', '２０２６年１１月２８日', '28 November 2026', '28 Nov 2026', 'November 28, 2026', 'Nov. 28 2026']) {
      expect(readDay(text), text).toBe('2026-11-28');
    }
    expect(readDay('2026-1-5')).toBe('2026-01-05');
  });

  test('is none where the calendar has none, or where it could be two', () => {
    for (const text of ['', '2026-02-29', '2026-13-01', '2026-11-31', '11/28/2026', '5/6/2026', '28 Nvo 2026', '2026-11', '26-11-28', '明天']) expect(readDay(text), text).toBeNull();
    expect(readDay('2028-02-29')).toBe('2028-02-29');
  });
});

describe('a month as a sheet', () => {
  test('runs from the Monday of its first day to the Sunday of its last', () => {
    const november = weeksOf('2026-11-28');
    expect(november.map((week) => week[0])).toEqual(['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23', '2026-11-30']);
    expect(november.at(-1)?.at(-1)).toBe('2026-12-06');
    expect(weeksOf('2027-02-10')).toHaveLength(4);
  });

  test('a month on is the same date, or the last that there is', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
    expect(addMonths('2027-03-31', 11)).toBe('2028-02-29');
  });

  test('keys walk days, weeks and months', () => {
    const walked = ['ArrowLeft', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown', 'x'].map((key) => stepTo(key, '2026-11-28'));
    expect(walked).toEqual(['2026-11-27', '2026-12-05', '2026-11-23', '2026-11-29', '2026-10-28', '2026-12-28', null]);
  });

  test('bounds are days that may be chosen', () => {
    const bounds = { min: '2026-11-01', max: '2026-11-28' };
    expect([inside('2026-11-01', bounds), inside('2026-11-28', bounds), inside('2026-11-29', bounds), inside('2026-10-31', bounds)]).toEqual([true, true, false, false]);
    expect([clamp('2027-01-01', bounds), clamp('2020-01-01', bounds), clamp('2026-11-05', {})]).toEqual(['2026-11-28', '2026-11-01', '2026-11-05']);
  });
});
