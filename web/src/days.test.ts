import { expect, test } from 'vitest';
import { addDays, dayOf, monday, numberOf, readDays, short, spanOf, ticks } from './days';

const n = numberOf;

test('a day and its number are two spellings of one thing, across leap days and years', () => {
  for (const day of ['1970-01-01', '2024-02-29', '2026-12-31', '1969-12-31']) expect(dayOf(n(day))).toBe(day);
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
});

test('a week starts on Monday', () => {
  expect(dayOf(monday(n('2026-11-22')))).toBe('2026-11-16'); // a Sunday
  expect(dayOf(monday(n('2026-11-16')))).toBe('2026-11-16');
  expect(dayOf(monday(n('1969-12-31')))).toBe('1969-12-29');
});

test('the slider runs from the day before the first event to today', () => {
  const span = spanOf([n('2026-09-03'), n('2026-11-20')], n('2026-11-22'), null);
  expect([dayOf(span.first), dayOf(span.last)]).toEqual(['2026-09-02', '2026-11-22']);
});

test('it never runs over less than four weeks nor, of itself, over more than a year', () => {
  const today = n('2026-11-22');
  expect(today - spanOf([], today, null).first).toBe(28);
  expect(today - spanOf([today - 1], today, null).first).toBe(28);
  expect(today - spanOf([n('2019-01-01')], today, null).first).toBe(366);
});

test('it reaches back to the day in view, however long ago', () => {
  const today = n('2026-11-22');
  expect(spanOf([], today, n('2020-01-01')).first).toBe(n('2020-01-01'));
});

test('ticks count days where there are few and weeks where there are many, and lose none', () => {
  const days = ['2026-11-01', '2026-11-01', '2026-11-03'].map(n);
  expect(ticks(days, { first: n('2026-10-25'), last: n('2026-11-22') })).toEqual([
    { from: n('2026-11-01'), to: n('2026-11-01'), count: 2 },
    { from: n('2026-11-03'), to: n('2026-11-03'), count: 1 },
  ]);
  const long = { first: n('2026-01-01'), last: n('2026-11-22') };
  expect(ticks(days, long).map((one) => [dayOf(one.from), dayOf(one.to), one.count])).toEqual([
    ['2026-10-26', '2026-11-01', 2],
    ['2026-11-02', '2026-11-08', 1],
  ]);
  const every = Array.from({ length: 300 }, (_, i) => long.first + i);
  expect(ticks(every, long).reduce((sum, one) => sum + one.count, 0)).toBe(300);
});

test('what lies outside the slider is not counted in it', () => {
  expect(ticks([n('2025-01-01')], { first: n('2026-10-25'), last: n('2026-11-22') })).toEqual([]);
});

test('a day of this year is short, another year is not left to be guessed', () => {
  expect(short('2026-10-05', '2026-11-22')).toBe('10-05');
  expect(short('2025-10-05', '2026-11-22')).toBe('2025-10-05');
});

test('the days of events are read from the table, in order, without what was undone', () => {
  const csv = '\uFEFFid,on,undone\r\ne-1,2026-10-05,false\r\ne-2,2026-09-01,false\r\ne-3,2026-10-06,true\r\n';
  expect(readDays(csv).map(dayOf)).toEqual(['2026-09-01', '2026-10-05']);
});

test('columns are found by their names, and an empty table has no days', () => {
  expect(readDays('id,undone,on,lon,lat,wkt\ne-1,false,2026-10-05,,,\n').map(dayOf)).toEqual(['2026-10-05']);
  expect(readDays('id,on,undone\n')).toEqual([]);
  expect(readDays('')).toEqual([]);
});
