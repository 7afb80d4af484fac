// Villages ranked: four rates against their targets, the toilets, the score, and the red and black list; the town below.

import { signal } from '@preact/signals';
import { answer, moreAnswers } from '../data';
import { number, shown } from '../format';
import { attributesOf, rows } from '../results';
import { figureOf, rates, rowOf, shareOf, sorted, type Order, type RankRow } from '../ranking';
import { nameOf } from '../showing';
import { state } from '../state';
import type { Figure, Process } from '../types';
import { hovered, layout } from '../ui';
import { lang, say, title } from '../words';
import { ExportLinks } from './export';
import { pickRow, Tally } from './results';

const order = signal<Order>('rank');

const heads: readonly { order: Order; word: string; full: string }[] = [
  { order: 'rank', word: 'page-rank', full: 'page-rank' },
  { order: 'name', word: 'page-rank-village', full: 'page-rank-village' },
  { order: 'water', word: 'page-rank-water', full: 'page-rank-water-full' },
  { order: 'sewage', word: 'page-rank-sewage', full: 'page-rank-sewage-full' },
  { order: 'waste', word: 'page-rank-waste', full: 'page-rank-waste-full' },
  { order: 'manure', word: 'page-rank-manure', full: 'page-rank-manure-full' },
  { order: 'toilets', word: 'page-rank-toilets', full: 'page-rank-toilets-full' },
];

/** A rate as a bar as long as it is high, with a tick at its target. */
function RateBar({ percent, pass, target }: { percent: number | null; pass: boolean | null; target: number | null }) {
  if (percent === null) return <span class="rate none" title={say('page-rank-missing')}>–</span>;
  const text = `${number(percent, Number.isInteger(percent) ? 0 : 1)}%`;
  return (
    <span class={pass === false ? 'rate fails' : 'rate'} title={target === null ? text : say('page-rank-target', { value: text, text: `${target}%` })}>
      <span class="rate-number">{number(percent, Number.isInteger(percent) ? 0 : 1)}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect y="2" width="100" height="6" class="bar-ground" />
        <rect y="2" width={Math.min(100, Math.max(0, percent))} height="6" class="rate-fill" />
        {target !== null && <><rect x={target - 4} width="8" height="10" class="rate-room" /><rect x={target - 1.5} width="3.5" height="10" class="rate-target" /></>}
      </svg>
    </span>
  );
}

function Change({ change }: { change: number | null }) {
  if (change === null) return null;
  const word = change > 0 ? say('page-rank-up', { count: change }) : change < 0 ? say('page-rank-down', { count: -change }) : say('page-rank-same');
  return <small class={change > 0 ? 'change up' : change < 0 ? 'change down' : 'change'} title={word} aria-label={word}>{change > 0 ? `↑${change}` : change < 0 ? `↓${-change}` : '–'}</small>;
}

export function Ranking({ process }: { process: Process }) {
  const now = answer.value;
  if (!now) return null;
  const about = now.about ?? null;
  const summary: readonly Figure[] = about?.summary ?? [];
  const name = (row: RankRow): string => nameOf(row.feature, about) ?? row.id;
  const all = sorted(rows.value.map(rowOf), order.value, name);
  const targets = rates.map((rate) => figureOf(summary, `${rate}_target`));
  const board = attributesOf(process).find((one) => one.name === 'board');
  return (
    <div class="ranking">
      <div class="list-head"><Tally /><ExportLinks id={now.id} name={title(process.titles)} short /></div>
      <table class="rank-table">
        <thead>
          <tr>
            {heads.map((one) => (
              <th key={one.order} scope="col" class={`rank-${one.order}`} aria-sort={order.value === one.order ? 'ascending' : undefined}>
                <button onClick={() => (order.value = one.order)} title={say(one.full)} data-order={one.order}>{say(one.word)}</button>
              </th>
            ))}
            <th scope="col" class="rank-score">{say('page-rank-score')}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((row) => {
            const pick = { collection: process.id, id: row.id };
            const chosen = state.value.selected?.collection === pick.collection && state.value.selected.id === pick.id;
            const pointed = hovered.value?.id === pick.id && hovered.value.collection === pick.collection;
            const open = row.overdue ? say('page-rank-late', { value: String(row.overdue) }) : row.open ? say('page-rank-open', { value: String(row.open) }) : null;
            const issues = row.open === null ? say('page-rank-missing') : say('page-rank-issues', { value: String(row.open), text: String(row.overdue ?? 0) });
            return (
              <tr key={row.id} class={`${chosen ? 'selected ' : ''}${pointed ? 'pointed' : ''}`} aria-current={chosen || undefined} data-row={row.id}
                onClick={() => pickRow(process, row.feature)}
                onMouseEnter={() => layout.value !== 'phone' && (hovered.value = pick)} onMouseLeave={() => (hovered.value = null)}>
                <td class="rank-rank"><b>{row.rank ?? '–'}</b><Change change={row.change} /></td>
                <th scope="row" class="rank-name">
                  <button class="link-name" onClick={(event) => { event.stopPropagation(); pickRow(process, row.feature); }}>{name(row)}</button>
                  <span class="rank-under">
                    {row.board && <span class={`board-word ${row.board}`}>{(board && shown(board, row.board)) ?? row.board}</span>}
                    {open && <small class={row.overdue ? 'late' : ''} title={`${say('page-rank-issues-full')}: ${issues}`}>{open}</small>}
                  </span>
                </th>
                {row.rates.map((rate, at) => <td key={rates[at]}><RateBar {...rate} target={targets[at] ?? null} /></td>)}
                <td class="rank-toilets" title={say('page-rank-toilets-full')}>{row.task === null ? '–' : <>{number(row.accepted ?? 0)}<small>/{number(row.task)}</small></>}</td>
                <td class="rank-score">{row.score === null ? '–' : number(row.score, 1)}</td>
              </tr>
            );
          })}
        </tbody>
        <Town summary={summary} targets={targets} />
      </table>
      {now.next && <button class="button more" onClick={() => void moreAnswers()}>{say('page-more')}</button>}
      <Listed summary={summary} />
    </div>
  );
}

/** The town: sums of the columns. */
function Town({ summary, targets }: { summary: readonly Figure[]; targets: readonly (number | null)[] }) {
  const [task, accepted] = [figureOf(summary, 'task'), figureOf(summary, 'accepted')];
  const share = shareOf({ task, accepted });
  const [open, overdue] = [figureOf(summary, 'open'), figureOf(summary, 'overdue')];
  return (
    <tfoot>
      <tr>
        <td />
        <th scope="row" class="rank-name">{say('page-rank-town')}<span class="rank-under">{open !== null && <small title={say('page-rank-issues', { value: String(open), text: String(overdue ?? 0) })}>{overdue ? say('page-rank-late', { value: String(overdue) }) : say('page-rank-open', { value: String(open) })}</small>}</span></th>
        {rates.map((rate, at) => {
          const percent = figureOf(summary, `${rate}_rate`);
          const target = targets[at] ?? null;
          return <td key={rate}><RateBar percent={percent} pass={percent === null || target === null ? null : percent >= target} target={target} /></td>;
        })}
        <td class="rank-toilets" title={say('page-rank-toilets-full')}>{accepted === null ? '–' : <>{number(accepted)}<small>/{number(task ?? 0)}</small></>}</td>
        <td class="rank-score">{share === null ? '' : <small>{number(share, 0)}%</small>}</td>
      </tr>
    </tfoot>
  );
}

/** The list of villages that was used: how many, as of when, and how well they are known. */
function Listed({ summary }: { summary: readonly Figure[] }) {
  const text = (name: string): string => String(summary.find((one) => one.name === name)?.value ?? '');
  return (
    <p class="made">
      {say('page-rank-list', { count: figureOf(summary, 'villages_listed') ?? 0, day: text('period_to'), value: figureOf(summary, 'villages_estimated') ?? 0, text: text('list_digest').slice(0, 8) })}
      {lang.value === 'zh' ? '' : ' '}{say('page-rank-estimates')}
    </p>
  );
}
