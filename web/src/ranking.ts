// Villages as a table: what stands in its cells, and the orders it can be put in. Pure.

import type { Feature, Figure } from './types';

export const rates = ['water', 'sewage', 'waste', 'manure'] as const;
export type Rate = (typeof rates)[number];

export interface RateCell {
  percent: number | null;
  pass: boolean | null;
}

export interface RankRow {
  feature: Feature;
  id: string;
  rank: number | null;
  change: number | null;
  score: number | null;
  board: 'red' | 'black' | null;
  rates: readonly RateCell[];
  task: number | null;
  accepted: number | null;
  open: number | null;
  overdue: number | null;
}

export type Order = 'rank' | 'name' | Rate | 'toilets' | 'open';

const number = (feature: Feature, name: string): number | null => {
  const value = feature.properties[name];
  return typeof value === 'number' ? value : null;
};

export function rowOf(feature: Feature): RankRow {
  const flag = (name: string): boolean | null => {
    const value = feature.properties[name];
    return typeof value === 'boolean' ? value : null;
  };
  const board = feature.properties.board;
  return {
    feature,
    id: String(feature.id),
    rank: number(feature, 'rank'),
    change: number(feature, 'rank_change'),
    score: number(feature, 'score'),
    board: board === 'red' || board === 'black' ? board : null,
    rates: rates.map((rate) => ({ percent: number(feature, `${rate}_rate`), pass: flag(`${rate}_pass`) })),
    task: number(feature, 'task'),
    accepted: number(feature, 'accepted'),
    open: number(feature, 'open'),
    overdue: number(feature, 'overdue'),
  };
}

/** The share of the task that is accepted. */
export const shareOf = (row: Pick<RankRow, 'task' | 'accepted'>): number | null => (row.task && row.accepted !== null ? (row.accepted / row.task) * 100 : null);

/** In an order, worst first for what is judged; what is not known comes last. Ties stay in the order of ranks. */
export function sorted(rows: readonly RankRow[], order: Order, name: (row: RankRow) => string): RankRow[] {
  const key = (row: RankRow): number | null => {
    if (order === 'rank') return row.rank;
    if (order === 'toilets') return shareOf(row);
    if (order === 'open') return row.open === null ? null : -(row.open + (row.overdue ?? 0) / 1000);
    const at = rates.indexOf(order as Rate);
    return at < 0 ? 0 : (row.rates[at]?.percent ?? null);
  };
  if (order === 'name') return [...rows].sort((a, b) => name(a).localeCompare(name(b), 'zh'));
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x - y;
  });
}

/** A figure of the summary that is a number. */
export function figureOf(summary: readonly Figure[], name: string): number | null {
  const value = summary.find((one) => one.name === name)?.value;
  return typeof value === 'number' ? value : null;
}
