// The issue board (问题台账): how far each issue has come, whose it is, what is overdue.

import { answer } from '../data';
import { allOfIt, exits, groupings, stageOf, stages, tally, type Board as Settings, type Grouping, type Stage } from '../board';
import { amount, measure, number, unitOf } from '../format';
import { mayRecord, past, today } from '../may';
import { rows } from '../results';
import { ask, go, process, state } from '../state';
import { say, title } from '../words';
import { BoardRows } from './boardrows';
import { startPlacing } from './create';
import { ExportLinks } from './export';
import { Icon } from './icons';
import { stageName } from './issue';

export function set(patch: Partial<Settings>): void {
  go({ board: { ...state.value.board, ...patch } });
}

export function Board({ scroller }: { scroller: { current: HTMLElement | null } }) {
  const now = answer.value;
  const all = now?.features ?? [];
  if (!now || (now.status === 'running' && now.matched === null)) return <div class="skeletons" role="status" aria-label={say('page-loading')}>{[0, 1, 2, 3, 4].map((i) => <div class="skeleton row-skeleton" key={i} />)}</div>;
  if (!all.length) return <NoIssues />;
  const settings = state.value.board;
  const narrowed = settings.stages.length > 0 || settings.overdue || settings.village !== null || settings.assignee !== null;
  return (
    <>
      <Summary />
      <Flow issues={all} settings={settings} />
      <Filters issues={all} settings={settings} />
      <div class="list-head">
        <span class="tally" role="status" aria-live="polite" data-matched={now.matched ?? 0}>
          {narrowed ? say('page-shown-of', { shown: number(rows.value.length), count: number(all.length) }) : say('page-board-total', { count: all.length })}
        </span>
        {narrowed ? <button class="link" onClick={() => set({ ...allOfIt, by: settings.by })}>{say('page-clear-filter')}</button> : <ExportLinks id={now.id} name={title(process.value?.titles)} short />}
      </div>
      {rows.value.length ? <BoardRows issues={rows.value} by={settings.by} day={past.value ?? today.value} scroller={scroller} /> : <p class="empty">{say('page-empty')}</p>}
    </>
  );
}

/** The measures that the office reports, from the same answer. */
function Summary() {
  const figures = answer.value?.about?.summary ?? [];
  const value = (name: string): string | null => {
    const one = figures.find((each) => each.name === name);
    return typeof one?.value === 'number' ? amount(measure(one.value, unitOf({ name, unit: one.unit ?? null }))) : null;
  };
  const parts = [
    [say('page-board-open'), value('open')],
    [say('page-board-closure'), value('closure_rate')],
    [say('page-board-on-time'), value('on_time_rate')],
    [say('page-board-median'), value('median_days')],
  ].filter((one) => one[1] !== null);
  if (!parts.length) return null;
  return <p class="board-summary">{parts.map(([name, text]) => <span key={name}>{name} <b>{text}</b></span>)}</p>;
}

/** The way from found to looked back at, each stage with its count; a stage pressed shows only what stands there. */
function Flow({ issues, settings }: { issues: Parameters<typeof tally>[0]; settings: Settings }) {
  const counts = tally(issues);
  const overdue = issues.filter((one) => one.properties.overdue === true).length;
  const press = (stage: Stage): void => set({ stages: settings.stages.includes(stage) ? settings.stages.filter((one) => one !== stage) : [...settings.stages, stage] });
  const cell = (stage: Stage, kind: string) => {
    const count = counts.get(stage) ?? 0;
    const over = issues.filter((one) => one.properties.overdue === true && stageOf(one) === stage).length;
    return (
      <li key={stage}>
        <button class={`${kind}${count ? '' : ' none'}`} aria-pressed={settings.stages.includes(stage)} onClick={() => press(stage)} data-stage={stage} data-count={count}>
          <b>{number(count)}{over > 0 && kind === 'stage' && <i class="over-mark" title={say('page-overdue-count', { count: over })}>{over}</i>}</b>
          <span>{stageName(stage)}</span>
        </button>
      </li>
    );
  };
  return (
    <div class="flow">
      <ol class="stages" aria-label={say('page-board-flow')}>{stages.map((one) => cell(one, 'stage'))}</ol>
      <ul class="exits" aria-label={say('page-board-exits')}>
        <li>
          <button class={overdue ? 'exit overdue' : 'exit overdue none'} aria-pressed={settings.overdue} onClick={() => set({ overdue: !settings.overdue })} data-stage="overdue" data-count={overdue}>
            <Icon name="warn" size={14} /><span>{say('page-overdue')}</span><b>{number(overdue)}</b>
          </button>
        </li>
        {exits.filter((one) => counts.get(one) || settings.stages.includes(one)).map((one) => cell(one, 'exit'))}
      </ul>
    </div>
  );
}

function Filters({ issues, settings }: { issues: Parameters<typeof tally>[0]; settings: Settings }) {
  const named = (property: string): string[] => [...new Set(issues.flatMap((one) => { const value = one.properties[property]; return typeof value === 'string' && value ? [value] : []; }))].sort((a, b) => a.localeCompare(b, 'zh'));
  const list = (field: 'village' | 'assignee', label: string) => {
    const all = named(field);
    return (
      <select aria-label={label} value={settings[field] ?? ''} onChange={(event) => set({ [field]: event.currentTarget.value || null })} data-filter={field}>
        <option value="">{label}</option>
        {all.map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
    );
  };
  const names: Record<Grouping, string> = { stage: say('page-by-stage'), village: say('page-by-village'), assignee: say('page-by-assignee'), deadline: say('page-by-deadline') };
  return (
    <div class="board-filters">
      <div class="segmented" role="group" aria-label={say('page-board-group')}>
        {groupings.map((one) => <button key={one} aria-pressed={settings.by === one} onClick={() => set({ by: one })} data-by={one}>{names[one]}</button>)}
      </div>
      <div class="board-lists">
        {list('village', say('page-all-villages'))}
        {list('assignee', say('page-all-people'))}
      </div>
    </div>
  );
}

/** Nothing yet: the two ways in which an issue comes to be. */
export function NoIssues() {
  const other = 'uncleaned-waterbodies';
  return (
    <div class="empty" data-no-issues>
      <p class="empty-title">{say('page-board-empty')}</p>
      <p>{say('page-board-empty-how')}</p>
      {mayRecord.value && !past.value && <button class="button" onClick={() => startPlacing('issues')}><Icon name="pin" size={16} />{say('page-report')}</button>}
      <button class="button soft" onClick={() => ask(other)}>{say('page-board-empty-dispatch')}</button>
    </div>
  );
}
