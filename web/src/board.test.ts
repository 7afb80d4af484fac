import { expect, test } from 'vitest';
import { allOfIt, daysLeft, deadlineOf, exits, grouped, passes, readBoard, spellBoard, stages, tally } from './board';
import type { Feature } from './types';

const today = '2026-11-22';
const issue = (id: string, properties: Feature['properties']): Feature => ({ type: 'Feature', id, geometry: null, properties });
const some = [
  issue('a', { status: 'assigned', village: '韩家洼', assignee: '王', rectify_by: '2026-11-20', overdue: true, days_over: 2 }),
  issue('b', { status: 'assigned', village: '韩家洼', assignee: null, rectify_by: '2026-11-10', overdue: true, days_over: 12 }),
  issue('c', { status: 'in_progress', village: '马家铺', assignee: '王', rectify_by: '2026-11-25', overdue: false }),
  issue('d', { status: 'closed', village: null, look_back_due: true }),
  issue('e', { status: 'closed', village: '马家铺', look_back_due: false }),
  issue('f', { status: 'relapsed', village: '马家铺' }),
];

test('the counts of all stages add up to all issues', () => {
  const counts = tally(some);
  expect([...counts.values()].reduce((sum, one) => sum + one, 0)).toBe(some.length);
  expect([counts.get('assigned'), counts.get('look_back'), counts.get('closed'), counts.get('found')]).toEqual([2, 1, 1, undefined]);
  expect(new Set([...stages, ...exits]).size).toBe(stages.length + exits.length);
});

test('filters narrow together', () => {
  const ids = (more: object): string[] => some.filter((one) => passes({ ...allOfIt, ...more }, one)).map((one) => String(one.id));
  expect(ids({})).toHaveLength(some.length);
  expect(ids({ overdue: true })).toEqual(['a', 'b']);
  expect(ids({ overdue: true, assignee: '王' })).toEqual(['a']);
  expect(ids({ stages: ['look_back', 'relapsed'] })).toEqual(['d', 'f']);
  expect(ids({ village: '马家铺', stages: ['closed'] })).toEqual(['e']);
});

test('stages stand in their order, and in each the most overdue comes first', () => {
  const groups = grouped(some, 'stage', today);
  expect(groups.map((one) => one.key)).toEqual(['assigned', 'in_progress', 'closed', 'look_back', 'relapsed']);
  expect(groups[0]!.issues.map((one) => one.id)).toEqual(['b', 'a']);
  expect(groups[0]!.overdue).toBe(2);
});

test('villages with overdue issues stand before those with many, and none last', () => {
  expect(grouped(some, 'village', today).map((one) => one.key)).toEqual(['韩家洼', '马家铺', '']);
});

test('deadlines part what is a week over, over, near, and done', () => {
  expect(some.slice(0, 5).map((one) => deadlineOf(one, today))).toEqual(['over', 'week_over', 'soon', 'done', 'done']);
  expect(deadlineOf(issue('x', { status: 'found' }), today)).toBe('none');
  expect(daysLeft(some[2]!, today)).toBe(3);
  expect(deadlineOf(issue('x', { status: 'assigned', rectify_by: today }), today)).toBe('soon');
});

test('the board survives its spelling in a URL, and nonsense does no harm', () => {
  const board = { by: 'village', overdue: true, stages: ['assigned', 'look_back'], village: '韩家洼', assignee: '王某某' } as const;
  expect(readBoard(spellBoard(board))).toEqual(board);
  expect(spellBoard(allOfIt)).toBe('');
  expect(readBoard(null)).toEqual(allOfIt);
  expect(readBoard('sideways;s=gone,found')).toEqual({ ...allOfIt, stages: ['found'] });
});
