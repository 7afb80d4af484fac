// From results to issues: the picked ones are dispatched together, with deadline, triage and who is to see to it.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { boardId } from '../board';
import { layer } from '../catalog';
import { knownPeople } from '../chronicle';
import { answer } from '../data';
import { addDays } from '../days';
import { number } from '../format';
import { dispatch, type Order } from '../ledger';
import { today } from '../may';
import { ordering, stopPicking } from '../picking';
import { nameOf } from '../showing';
import { ask, select, type Pick } from '../state';
import type { Attribute, Dispatched } from '../types';
import { layout, picked, stop } from '../ui';
import { say } from '../words';
import { Day } from './day';
import { sentence } from './fault';
import { Field, Labelled, Person } from './form';
import { Icon } from './icons';

/** Over the list: the order, then what came of it. */
export function Ordering() {
  const now = ordering.value;
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (now && layout.value === 'phone') stop.value = 'full';
    head.current?.focus();
  }, [now]);
  if (!now || !picked.value) return null;
  return (
    <section class="card" aria-label={say('page-dispatch')} data-ordering>
      <div class="card-bar"><button class="action" onClick={() => (now === 'form' ? (ordering.value = null) : stopPicking())}><Icon name="back" /><span>{say('page-back')}</span></button></div>
      {now === 'form' ? <OrderForm head={head} /> : <Outcome outcome={now} head={head} />}
    </section>
  );
}

const week = 7;

function OrderForm({ head }: { head: { current: HTMLHeadingElement | null } }) {
  const id = useId();
  const issues = layer('issues');
  const attribute = (name: string): Attribute | undefined => issues?.attributes.find((one) => one.name === name);
  const due = useSignal(addDays(today.value, week));
  const triage = useSignal('');
  const type = useSignal('');
  const assignee = useSignal('');
  const note = useSignal('');
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const features = [...(picked.value ?? [])];
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const about = answer.value;
    if (!about) return;
    busy.value = true;
    refused.value = null;
    const order: Order = {
      ...(due.value ? { rectify_by: due.value } : {}),
      ...(triage.value ? { triage: triage.value } : {}),
      ...(type.value ? { type: type.value } : {}),
      ...(assignee.value.trim() ? { assignee: assignee.value.trim() } : {}),
      ...(note.value.trim() ? { note: note.value.trim() } : {}),
    };
    try {
      ordering.value = await dispatch(about.id, features, order);
    } catch (fault) {
      refused.value = sentence(fault);
    }
    busy.value = false;
  };
  const [types, triages] = [attribute('type'), attribute('triage')];
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)} data-form="dispatch">
      <h2 tabIndex={-1} ref={head}>{say('page-dispatch-count', { count: features.length })}</h2>
      <p class="quiet">{say('page-dispatch-means')}</p>
      <Labelled label={say('page-rectify-by')} id={`${id}-due`}>
        <span class="with-unit">
          <Day id={`${id}-due`} min={today.value} value={due.value} give={(on) => (due.value = on)} field="rectify_by" raw />
          <span class="chip-row">{[3, 7, 15].map((days) => <button type="button" key={days} class="chip" aria-pressed={due.value === addDays(today.value, days)} onClick={() => (due.value = addDays(today.value, days))}>{say('page-days', { count: days })}</button>)}</span>
        </span>
      </Labelled>
      {triages && <Field attribute={triages} text={triage.value} give={(text) => (triage.value = text)} />}
      <Person label={say('page-assignee')} value={assignee.value} give={(text) => (assignee.value = text)} known={knownPeople.value} field="assignee" />
      {types && <Field attribute={types} text={type.value} give={(text) => (type.value = text)} />}
      <Labelled label={say('page-note')} id={`${id}-note`}>
        <textarea id={`${id}-note`} rows={2} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} data-field="note" />
      </Labelled>
      <div class="form-end">
        {refused.value && <p class="field-told bad" role="alert">{refused.value}</p>}
        <button class="button" type="submit" disabled={busy.value} aria-busy={busy.value}>{say('page-dispatch-do')}</button>
        <button class="button plain" type="button" onClick={() => (ordering.value = null)}>{say('page-cancel')}</button>
      </div>
    </form>
  );
}

function Outcome({ outcome, head }: { outcome: Dispatched; head: { current: HTMLHeadingElement | null } }) {
  const names = { opened: say('page-outcome-opened'), known: say('page-outcome-known'), relapsed: say('page-outcome-relapsed') };
  const about = answer.value?.about ?? null;
  const subject = (id: string): string => {
    const feature = answer.value?.features.find((one) => String(one.id) === id);
    return (feature && nameOf(feature, about)) ?? id;
  };
  const open = (pick: Pick): void => {
    stopPicking();
    ask(boardId);
    select(pick);
  };
  return (
    <div class="form" data-outcome>
      <h2 tabIndex={-1} ref={head}>{say('page-dispatched', { count: outcome.issues.length })}</h2>
      <dl class="figures">
        {(['opened', 'known', 'relapsed'] as const).map((one) => (
          <div class={one === 'opened' ? 'figure main' : 'figure'} key={one} data-figure={one}><dt>{names[one]}</dt><dd>{number(outcome[one])}</dd></div>
        ))}
      </dl>
      <ul class="outcomes">
        {outcome.issues.map((one) => (
          <li key={one.id}><button class="option" onClick={() => open({ collection: boardId, id: one.id })}><span class="grow">{subject(one.subject)}</span><span class="quiet">{names[one.outcome]}</span></button></li>
        ))}
      </ul>
      <div class="form-end">
        <button class="button" onClick={() => { stopPicking(); ask(boardId); }} data-to-board>{say('page-to-board')}</button>
        <button class="button plain" onClick={stopPicking}>{say('page-back')}</button>
      </div>
    </div>
  );
}
