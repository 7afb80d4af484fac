// The right panel of the chosen question: its sentence, figures, form, bars and rows.

import { useEffect, useRef, useState } from 'preact/hooks';
import { catalog } from '../catalog';
import { answer, cancelAnswer, retryAnswer } from '../data';
import { measure, number, set, unitOf } from '../format';
import { pickFigures, present } from '../present';
import { ordering, stopPicking } from '../picking';
import { chosen, rows } from '../results';
import { process, question, setValue, state } from '../state';
import type { Figure, Process } from '../types';
import { aiming, picked, placing } from '../ui';
import { has, lang, say, title, within, type Vars } from '../words';
import { boardId } from '../board';
import { Bars } from './bars';
import { Board, NoIssues } from './board';
import { Controls, choiceName, means, valueOf } from './controls';
import { Curve } from './curve';
import { ExportLinks } from './export';
import { Key } from './key';
import { Fault } from './fault';
import { Gain } from './gain';
import { DispatchButton, PickBar, PickFoot } from './picks';
import { Ranking } from './ranking';
import { Results, Tally } from './results';
import { Strip } from './strip';
import { Tallies } from './tallies';

/** The question as a sentence, its parameters in words. */
function heading(now: Process): string {
  const key = `page-head-${now.id}`;
  if (!has(key)) return title(now.question) || title(now.titles);
  const vars: Vars = {};
  for (const [name, input] of Object.entries(now.inputs)) {
    const value = valueOf(now, name);
    const numeric = input.schema.type === 'number' || input.schema.type === 'integer';
    const word = choiceName(input, value);
    // A road that was left open is the one that the answer says it looked at.
    const meant = input['x-input'] === 'feature' && !value ? answer.value?.about?.summary?.find((one) => one.name === name)?.value : null;
    // For the choice of words: the value itself beside its name.
    vars[`${name}_is`] = value;
    vars[name] = typeof meant === 'string' && meant ? meant : numeric ? set(Number(value), input['x-unit'] ?? null) : input['x-input']?.startsWith('layer') && lang.value === 'en' ? word.toLowerCase() : input['x-titles'] ? within(word) : word;
  }
  const sentence = say(key, vars);
  // A layer's name may begin the sentence.
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

export function Analysis() {
  const now = process.value;
  const scroller = useRef<HTMLDivElement>(null);
  const address = question.value;
  useEffect(() => {
    chosen.value = null;
    stopPicking();
    aiming.value = null;
    scroller.current?.scrollTo({ top: 0 });
  }, [address, state.value.day]);
  if (!now) return null;
  // What a card lies over is not walked through beneath it.
  const under = state.value.selected !== null || Boolean(placing.value?.at) || ordering.value !== null;
  return (
    <div class="answer" id="answer" inert={under} role="tabpanel" aria-labelledby={`tab-${now.id}`} ref={scroller} tabIndex={-1} data-address={address}>
      <div class="head">
        <h2>{heading(now)}</h2>
        <p class="quiet">{title(now.question)}</p>
        <Method process={now} />
      </div>
      {now.fit.fits ? <Body process={now} scroller={scroller} /> : now.id === boardId ? <NoIssues /> : <Unfit process={now} />}
    </div>
  );
}

function Unfit({ process: now }: { process: Process }) {
  return (
    <div class="empty">
      <p class="empty-title">{say('page-cannot-run')}</p>
      <p>{title(now.fit.reasons)}</p>
    </div>
  );
}

function Body({ process: now, scroller }: { process: Process; scroller: { current: HTMLElement | null } }) {
  const result = answer.value;
  const first = !result || (result.status === 'running' && result.matched === null);
  return (
    <>
      {now.id !== boardId && now.id !== 'tallies' && <Figures process={now} />}
      {now.id !== boardId && <Controls process={now} />}
      <Running />
      {result?.status === 'failed' ? <Fault title={say('page-failed')} fault={result.fault} retry={retryAnswer} />
        : result?.status === 'cancelled' ? <div class="empty"><p class="empty-title">{say('page-cancelled')}</p><button class="button" onClick={retryAnswer}>{say('page-run-again')}</button></div>
        : first ? <Skeleton />
        : now.id === boardId ? <Board scroller={scroller} />
        : now.id === 'tallies' ? <Tallies />
        : now.id === 'village-indicators' && rows.value.length ? <><Key process={now} /><Ranking process={now} /></>
        : (
          <>
            <Key process={now} />
            {now.id === 'siting' && <Gain />}
            <Curve process={now} />
            {now.id === 'corridor' ? <Strip process={now} /> : <Bars process={now} />}
            {picked.value ? <PickBar /> : <div class="list-head">
              <Tally />
              <DispatchButton />
              {chosen.value !== null ? <button class="link" onClick={() => (chosen.value = null)}>{say('page-clear-filter')}</button> : <ExportLinks id={result.id} name={title(now.titles)} short />}
            </div>}
            {rows.value.length ? <Results process={now} scroller={scroller} /> : <Empty process={now} />}
            <PickFoot />
          </>
        )}
    </>
  );
}

function Figures({ process: now }: { process: Process }) {
  const result = answer.value;
  const about = result?.about;
  const count: Figure = { name: 'count', titles: { zh: say('page-figure-count'), en: say('page-figure-count') }, value: result?.matched ?? null };
  const summary = about?.summary ?? [];
  const figures = pickFigures(summary.some((one) => one.name === 'count') ? summary : [count, ...summary], present(now).figures);
  if (!result || result.matched === null) {
    return <div class="figures" aria-hidden="true">{[0, 1, 2].map((i) => <div class="figure skeleton" key={i} />)}</div>;
  }
  return (
    <dl class="figures">
      {figures.map((one, i) => {
        const value = one.value;
        const shown = typeof value === 'number' ? measure(value, unitOf({ name: one.name, unit: one.unit ?? null })) : { number: one.words ? title(one.words) || '–' : value === null ? '–' : String(value), unit: '' };
        const small = typeof value === 'number' && value >= 100_000 && !['m2', 'm'].includes(one.unit ?? '') ? { number: number(value), unit: '' } : shown;
        // Of the two the number is what must be read.
        const fits = small.number.length + small.unit.length <= 10;
        return (
          <div class={i === 0 && value !== 0 ? 'figure main' : 'figure'} key={one.name} data-figure={one.name}>
            <dt title={title(one.titles)}>{title(one.titles)}</dt>
            <dd title={fits ? undefined : `${small.number}${small.unit}`}>{small.number}{fits && small.unit && value !== null && !(lang.value === 'en' && /^\{[^/]*$/.test(one.unit ?? '')) && <small>{small.unit}</small>}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Says that it computes only when that can be felt. */
function Running() {
  const [late, setLate] = useState(false);
  const running = answer.value?.status === 'running';
  useEffect(() => {
    if (!running) return setLate(false);
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, [running, answer.value?.id]);
  return (
    <div class={running && late ? 'running on' : 'running'} role="status">
      {running && late && <><span>{say('page-running')}</span><button class="link" onClick={cancelAnswer}>{say('page-cancel')}</button></>}
    </div>
  );
}

function Skeleton() {
  return <div class="skeletons" role="status" aria-label={say('page-loading')}>{[0, 1, 2, 3, 4].map((i) => <div class="skeleton row-skeleton" key={i} />)}</div>;
}

/** Nothing found, and the nearest step that may find something. */
function Empty({ process: now }: { process: Process }) {
  const relax = present(now).relax?.find((one) => means(now, one.parameter));
  const input = relax && now.inputs[relax.parameter];
  const from = relax ? Number(valueOf(now, relax.parameter)) : 0;
  const lowest = input?.schema.minimum ?? 0;
  const to = relax ? Math.min(input?.schema.maximum ?? Infinity, Math.max(lowest, relax.factor > 1 ? Math.max(from, input?.['x-control']?.step ?? 1) * relax.factor : Math.floor(from * relax.factor))) : 0;
  return (
    <div class="empty">
      <p class="empty-title">{say(has(`page-empty-${now.id}`) ? `page-empty-${now.id}` : 'page-empty')}</p>
      {has(`page-hint-${now.id}`) && <p>{say(`page-hint-${now.id}`)}</p>}
      {relax && input && to !== from && (
        <button class="button" onClick={() => setValue(relax.parameter, String(to))}>
          {say('page-relax', { title: input.titles ? title(input.titles) : relax.parameter, value: set(to, input['x-unit'] ?? null) })}
        </button>
      )}
    </div>
  );
}

/** What made the answer: enough to make it again. */
function Made() {
  const about = answer.value?.about;
  if (!about?.version) return null;
  const inputs = (about.inputs ?? []).map(({ id, revision }) => `${id} ${revision.slice(0, 8)}`);
  return <p class="made">{say('page-made-of', { version: about.version, day: about.asOf ?? catalog.value?.map.today ?? '', inputs: inputs.join(lang.value === 'zh' ? '、' : ', '), revision: about.revision?.slice(0, 8) ?? '' })}</p>;
}

function Method({ process: now }: { process: Process }) {
  return title(now.method) ? (
    <details class="method">
      <summary>{say('page-method')}</summary>
      <p>{title(now.method)}</p>
      <Made />
    </details>
  ) : null;
}
