// The board's issues under their headings. Only the rows in sight are in the page.

import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { boardId, grouped, stageOf, type Deadline, type Group, type Grouping } from '../board';
import { answer } from '../data';
import { shown } from '../format';
import { frame } from '../geometry';
import { select, state } from '../state';
import { swatch } from '../style';
import type { Feature } from '../types';
import { covered, hovered, layout, map } from '../ui';
import { say } from '../words';
import { inSight, offsetsOf } from '../windowed';
import { Due, issueName, stageName } from './issue';
import { Swatch } from './swatch';

const headHeight = 34;
const rowHeight = 58;
const scrolled = signal(0);
const height = signal(600);

type Line = { group: Group } | { issue: Feature; index: number };

export function groupName(by: Grouping, key: string): string {
  if (by === 'stage') return stageName(key);
  if (by === 'village') return key || say('page-no-village');
  if (by === 'assignee') return key || say('page-no-assignee');
  const words: Record<Deadline, string> = {
    week_over: say('page-due-week-over'), over: say('page-due-over'), soon: say('page-due-soon'), later: say('page-due-later'), none: say('page-due-none'), done: say('page-due-done'),
  };
  return words[key as Deadline] ?? key;
}

export function BoardRows({ issues, by, day, scroller }: { issues: readonly Feature[]; by: Grouping; day: string; scroller: { current: HTMLElement | null } }) {
  const list = useRef<HTMLDivElement>(null);
  const { lines, offsets, ordered } = useMemo(() => {
    const groups = grouped(issues, by, day);
    const inOrder = groups.flatMap((group) => group.issues);
    let index = 0;
    const made: Line[] = groups.flatMap((group): Line[] => [{ group }, ...group.issues.map((issue) => ({ issue, index: index++ }))]);
    return { lines: made, offsets: offsetsOf(made.map((one) => ('group' in one ? headHeight : rowHeight))), ordered: inOrder };
  }, [issues, by, day]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const measure = (): void => {
      scrolled.value = Math.max(0, box.getBoundingClientRect().top - (list.current?.getBoundingClientRect().top ?? 0));
      height.value = box.clientHeight;
    };
    measure();
    box.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => { box.removeEventListener('scroll', measure); observer.disconnect(); };
  }, [lines]);
  const selected = state.value.selected;
  useEffect(() => {
    const at = selected ? lines.findIndex((one) => 'issue' in one && String(one.issue.id) === selected.id) : -1;
    const [box, place] = [scroller.current, list.current];
    if (at < 0 || !box || !place) return;
    const top = place.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop + offsets[at]!;
    if (top < box.scrollTop + 44 || top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top - box.clientHeight / 2;
  }, [selected?.id]);
  const { first, last } = inSight(offsets, scrolled.value, scrolled.value + height.value);
  const walk = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!way) return;
    event.preventDefault();
    const now = Number((document.activeElement as HTMLElement | null)?.dataset.index ?? -1);
    const next = Math.min(ordered.length - 1, Math.max(0, now + way));
    const target = list.current?.querySelector<HTMLElement>(`[data-index="${next}"]`);
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
    if (ordered[next]) hovered.value = { collection: boardId, id: String(ordered[next].id) };
  };
  return (
    <div class="rows" ref={list} role="list" style={{ height: `${offsets.at(-1)}px` }} onKeyDown={walk} data-grouped={by}>
      {lines.slice(first, last).map((one, i) => {
        const top = offsets[first + i]!;
        return 'group' in one
          ? <Head key={`group-${one.group.key}`} group={one.group} by={by} top={top} />
          : <Row key={one.issue.id} issue={one.issue} index={one.index} total={ordered.length} top={top} by={by} day={day} />;
      })}
    </div>
  );
}

function Head({ group, by, top }: { group: Group; by: Grouping; top: number }) {
  return (
    <div class="group-head" role="listitem" style={{ top: `${top}px`, height: `${headHeight}px` }} data-group={group.key}>
      <strong>{groupName(by, group.key)}</strong>
      <span class="count">{group.issues.length}</span>
      {group.overdue > 0 && <span class="over-tag slim">{say('page-overdue-count', { count: group.overdue })}</span>}
    </div>
  );
}

function Row({ issue, index, total, top, by, day }: { issue: Feature; index: number; total: number; top: number; by: Grouping; day: string }) {
  const about = answer.value?.about;
  const pick = { collection: boardId, id: String(issue.id) };
  const now = state.value.selected;
  const selected = now?.id === pick.id && (now.collection === boardId || now.collection === 'issues');
  const pointed = hovered.value?.id === pick.id;
  const text = (name: string): string | null => {
    const attribute = about?.attributes.find((one) => one.name === name);
    return attribute ? shown(attribute, issue.properties[name]) : null;
  };
  const one = about?.style.classes?.find((each) => each.value === String(issue.properties[about.style.class ?? '']));
  const name = issueName(issue, about ?? null);
  const sub = [by === 'village' ? null : text('village'), by === 'assignee' ? null : text('assignee'), text('number')].filter(Boolean).join(' · ');
  const open = (): void => {
    select(pick);
    const bounds = frame([issue.geometry]);
    if (bounds) map.value?.reveal(bounds, covered());
  };
  return (
    <div role="listitem" aria-setsize={total} aria-posinset={index + 1} class="row-place" style={{ top: `${top}px`, height: `${rowHeight}px` }}>
      <button class={`row${selected ? ' selected' : ''}${pointed ? ' pointed' : ''}`} aria-current={selected || undefined} data-index={index} data-row={issue.id} onClick={open}
        onMouseEnter={() => layout.value !== 'phone' && (hovered.value = pick)} onMouseLeave={() => (hovered.value = null)}>
        {about && <Swatch values={swatch(about.style, one)} small />}
        <span class="row-text">
          <span class="row-name" title={name}>{name}</span>
          <span class="row-sub">{sub}</span>
        </span>
        <span class="row-figures">
          <Due issue={issue} day={day} />
          <span class="row-sub">{by === 'stage' ? text('triage') : stageName(stageOf(issue))}</span>
        </span>
      </button>
    </div>
  );
}
