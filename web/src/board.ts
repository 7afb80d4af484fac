// The issue board: stages, filters and groups of issues. Pure; panel/board.tsx shows it.

import type { Feature } from './types';

/** The analysis that the board shows. */
export const boardId = 'issue-board';

/** The way of an issue, left to right; what is due for its look-back stands apart from what is merely closed. */
export const stages = ['found', 'registered', 'assigned', 'in_progress', 'rectified', 'verified', 'closed', 'look_back'] as const;
/** Beside the way. */
export const exits = ['held', 'relapsed', 'suspended', 'rejected'] as const;
export type Stage = (typeof stages)[number] | (typeof exits)[number];

/** One stage an issue: the counts of all stages add up to all issues. */
export function stageOf(issue: Feature): Stage {
  if (issue.properties.look_back_due === true) return 'look_back';
  return String(issue.properties.status ?? 'found') as Stage;
}

export const groupings = ['stage', 'village', 'assignee', 'deadline'] as const;
export type Grouping = (typeof groupings)[number];

export interface Board {
  by: Grouping;
  /** Stages to show; none named: all. */
  stages: readonly Stage[];
  overdue: boolean;
  village: string | null;
  assignee: string | null;
}

export const allOfIt: Board = { by: 'stage', stages: [], overdue: false, village: null, assignee: null };

export function tally(issues: readonly Feature[]): Map<Stage, number> {
  const counts = new Map<Stage, number>();
  for (const one of issues) counts.set(stageOf(one), (counts.get(stageOf(one)) ?? 0) + 1);
  return counts;
}

export function passes(board: Board, issue: Feature): boolean {
  const { village, assignee, overdue } = issue.properties;
  if (board.stages.length && !board.stages.includes(stageOf(issue))) return false;
  if (board.overdue && overdue !== true) return false;
  if (board.village !== null && village !== board.village) return false;
  return board.assignee === null || assignee === board.assignee;
}

/** How near the deadline is: overdue by a week, overdue, due within three days, later, none, and what is done. */
export const deadlines = ['week_over', 'over', 'soon', 'later', 'none', 'done'] as const;
export type Deadline = (typeof deadlines)[number];

const done: readonly Stage[] = ['verified', 'closed', 'look_back', 'held', 'rejected'];

export function daysLeft(issue: Feature, today: string): number | null {
  const by = issue.properties.rectify_by;
  if (typeof by !== 'string' || done.includes(stageOf(issue))) return null;
  return Math.round((Date.parse(by) - Date.parse(today)) / 86_400_000);
}

export function deadlineOf(issue: Feature, today: string): Deadline {
  if (done.includes(stageOf(issue))) return 'done';
  const left = daysLeft(issue, today);
  if (left === null) return 'none';
  if (left < -7) return 'week_over';
  return left < 0 ? 'over' : left <= 3 ? 'soon' : 'later';
}

export interface Group {
  key: string;
  issues: Feature[];
  overdue: number;
}

/** Most overdue first, then the nearest deadline, then the oldest. */
function urgency(a: Feature, b: Feature): number {
  const over = (one: Feature): number => Number(one.properties.days_over ?? 0);
  const due = (one: Feature): string => String(one.properties.rectify_by ?? '9999');
  const found = (one: Feature): string => String(one.properties.found_on ?? '9999');
  return over(b) - over(a) || due(a).localeCompare(due(b)) || found(a).localeCompare(found(b)) || String(a.id).localeCompare(String(b.id));
}

const keyed: Record<Grouping, (issue: Feature, today: string) => string> = {
  stage: stageOf,
  village: (issue) => String(issue.properties.village ?? ''),
  assignee: (issue) => String(issue.properties.assignee ?? ''),
  deadline: deadlineOf,
};

/** Stages and deadlines in their own order, villages and people by what is overdue with them, what has none last. */
export function grouped(issues: readonly Feature[], by: Grouping, today: string): Group[] {
  const groups = new Map<string, Feature[]>();
  for (const one of issues) {
    const key = keyed[by](one, today);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  const order: readonly string[] = by === 'stage' ? [...stages, ...exits] : deadlines;
  const made = [...groups].map(([key, list]) => ({ key, issues: list.sort(urgency), overdue: list.filter((one) => one.properties.overdue === true).length }));
  if (by === 'stage' || by === 'deadline') return made.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  return made.sort((a, b) => Number(a.key === '') - Number(b.key === '') || b.overdue - a.overdue || b.issues.length - a.issues.length || a.key.localeCompare(b.key, 'zh'));
}

/** The board's settings as they stand in a URL: `village;over;assigned,in_progress;v=韩家洼;p=王某某`. */
export function spellBoard(board: Board): string {
  const parts: string[] = [board.by];
  if (board.overdue) parts.push('over');
  if (board.stages.length) parts.push(`s=${board.stages.join(',')}`);
  if (board.village !== null) parts.push(`v=${board.village}`);
  if (board.assignee !== null) parts.push(`p=${board.assignee}`);
  const spelled = parts.join(';');
  return spelled === 'stage' ? '' : spelled;
}

export function readBoard(text: string | null): Board {
  const [by, ...parts] = (text ?? '').split(';');
  const value = (key: string): string | null => parts.find((one) => one.startsWith(`${key}=`))?.slice(2) ?? null;
  const known: readonly string[] = [...stages, ...exits];
  return {
    by: groupings.find((one) => one === by) ?? 'stage',
    overdue: parts.includes('over'),
    stages: (value('s') ?? '').split(',').filter((one) => known.includes(one)) as Stage[],
    village: value('v'),
    assignee: value('p'),
  };
}
