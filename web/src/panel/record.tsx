// Recording what happened to a feature: the likeliest events at one tap, the rest and the details in a form.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Problem } from '../api';
import { knownPeople } from '../chronicle';
import { blank, done, draftOf, qualifiers, toDraft, type Filled, type Ready } from '../drafting';
import { layer } from '../catalog';
import { prose } from '../format';
import { record, undo, vocabulary } from '../ledger';
import { mayTouch, past, stranger, today } from '../may';
import { needsForm, offered, transition, unitsOf } from '../offers';
import { demand } from '../session';
import { nameOf } from '../showing';
import type { Pick } from '../state';
import type { EventKind, Feature } from '../types';
import { task, tell } from '../ui';
import { say, title } from '../words';
import { sentence } from './fault';
import { faultWords, Field, Labelled, Person } from './form';
import { Icon } from './icons';
import { Shots } from './photos';
import { Position } from './position';

/** What the feature may have next. */
export function offersFor(pick: Pick, feature: Feature): EventKind[] {
  return offered(vocabulary.value.events, layer(pick.collection)?.kind ?? '', feature);
}

async function write(pick: Pick, feature: Feature, event: EventKind, draft: Parameters<typeof record>[1]): Promise<void> {
  const written = await record(pick, draft);
  const name = nameOf(feature, layer(pick.collection) ?? null) ?? String(feature.id);
  const back = (): void => void undo(pick, written.id).then(() => tell(say('page-undone')), (fault: unknown) => tell(sentence(fault), { bad: true }));
  tell(say('page-recorded', { title: title(event.titles), text: name }), { undo: back });
}

/** The buttons at the head of a card. */
export function Quick({ pick, feature }: { pick: Pick; feature: Feature }) {
  const busy = useSignal<string | null>(null);
  const fault = useSignal<string | null>(null);
  const all = offersFor(pick, feature);
  const wants = (one: EventKind): boolean => needsForm(one, layer(pick.collection)?.group === 'base');
  const steps = all.filter(transition);
  const shown = steps.length ? steps : all.filter((one) => one.quick);
  if (!all.length) return null;
  if (!mayTouch(feature, layer(pick.collection)?.kind)) {
    return stranger.value ? <p class="quick-note"><button class="link" onClick={() => void demand()}>{say('page-sign-in-to-record')}</button></p> : null;
  }
  const tap = async (event: EventKind): Promise<void> => {
    // What is recorded of a past day is looked at before it is written.
    if (wants(event) || past.value) return void (task.value = { what: 'record', event: event.id });
    busy.value = event.id;
    fault.value = null;
    try {
      await write(pick, feature, event, { event: event.id });
    } catch (refused) {
      fault.value = sentence(refused);
      // Refused for who did it: the form can say who else.
      if (refused instanceof Problem && event.not_by) task.value = { what: 'record', event: event.id };
    }
    busy.value = null;
  };
  const rest = all.find((one) => !shown.includes(one)) ?? all[0]!;
  return (
    <section class="quick" aria-label={say('page-record')}>
      {past.value && <p class="quick-note past">{say('page-record-past', { day: prose(past.value) })}</p>}
      <div class="quick-row">
        {shown.map((one, i) => (
          <button key={one.id} class={steps.length && i === 0 ? 'button' : 'button soft'} disabled={busy.value !== null} aria-busy={busy.value === one.id} onClick={() => void tap(one)} data-event={one.id}>
            {title(one.titles)}{wants(one) || past.value ? '…' : ''}
          </button>
        ))}
        <button class="button plain" onClick={() => (task.value = { what: 'record', event: shown.length ? shown[0]!.id : rest.id })} data-details>{shown.length ? say('page-with-details') : say('page-record-something')}</button>
      </div>
      {fault.value && <p class="field-told bad" role="alert">{fault.value}</p>}
    </section>
  );
}

/** The form: everything that can be said of an event. */
export function RecordForm({ pick, feature, event: id }: { pick: Pick; feature: Feature; event: string }) {
  const all = offersFor(pick, feature);
  const event = all.find((one) => one.id === id) ?? all[0];
  if (!event) return <p class="empty">{say('page-nothing-to-record')}</p>;
  return <Form key={event.id} pick={pick} feature={feature} event={event} all={all} />;
}

function Form({ pick, feature, event, all }: { pick: Pick; feature: Feature; event: EventKind; all: readonly EventKind[] }) {
  const key = `${pick.collection}/${pick.id}/${event.id}/${past.value ?? ''}`;
  const filled = draftOf(key, () => blank(event, feature, past.value ?? today.value));
  const faults = useSignal<Ready['faults']>(null);
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const id = useId();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const now = filled.value;
  const give = (patch: Partial<Filled>): void => void (filled.value = { ...filled.value, ...patch });
  const waiting = now.shots.some((one) => !one.evidence && !one.fault);
  const submit = async (): Promise<void> => {
    const ready = toDraft(event, filled.value, today.value);
    faults.value = ready.faults;
    if (!ready.draft) return;
    busy.value = true;
    refused.value = null;
    try {
      await write(pick, feature, event, ready.draft);
      done(key);
      task.value = null;
    } catch (fault) {
      refused.value = sentence(fault);
    }
    busy.value = false;
  };
  return (
    <form class="form" noValidate onSubmit={(given) => { given.preventDefault(); void submit(); }} data-form="record">
      <h2 tabIndex={-1} ref={head}>{say('page-record-of', { text: nameOf(feature, layer(pick.collection) ?? null) ?? String(feature.id) })}</h2>
      {past.value && <p class="banner">{say('page-record-past', { day: prose(past.value) })}</p>}
      <Labelled label={say('page-event')} id={`${id}-event`}>
        <select id={`${id}-event`} value={event.id} onChange={(chosen) => (task.value = { what: 'record', event: chosen.currentTarget.value })} data-field="event">
          {all.map((one) => <option key={one.id} value={one.id}>{title(one.titles)}</option>)}
        </select>
      </Labelled>
      {(event.fields ?? []).map((one) => (
        <Field key={one.name} attribute={one} text={now.fields[one.name] ?? ''} give={(text) => give({ fields: { ...now.fields, [one.name]: text } })} fault={faults.value?.[one.name]} />
      ))}
      <Amount event={event} filled={now} give={give} fault={faults.value?.$amount ? faultWords(faults.value.$amount) : null} />
      <Labelled label={say('page-on')} id={`${id}-on`} told={faults.value?.$on ? say(faults.value.$on.fault === 'high' ? 'page-fault-future' : 'page-fault-date') : null} bad>
        <input id={`${id}-on`} type="date" value={now.on} max={today.value} onInput={(typed) => give({ on: typed.currentTarget.value })} data-field="on" />
      </Labelled>
      <Person label={say('page-by')} value={now.by} give={(by) => give({ by })} known={knownPeople.value} field="by" />
      <Labelled label={say('page-note')} id={`${id}-note`}>
        <textarea id={`${id}-note`} rows={2} value={now.note} onInput={(typed) => give({ note: typed.currentTarget.value })} data-field="note" />
      </Labelled>
      <div class="field" role="group" aria-label={say('page-photos')}>
        <span class="field-label">{say('page-photos')}</span>
        <div class="field-body"><Shots shots={now.shots} told={(step) => give({ shots: step(filled.value.shots) })} />{event.needs_proof && <p class="field-told">{say('page-proof-wanted')}</p>}</div>
      </div>
      <Position feature={feature} at={now.position} give={(position) => give({ position })} />
      <div class="form-end">
        {refused.value && <p class="field-told bad" role="alert">{refused.value}</p>}
        <button class="button" type="submit" disabled={busy.value || waiting} aria-busy={busy.value}>{waiting ? say('page-photo-sending') : say('page-record-do')}</button>
        <button class="button plain" type="button" onClick={() => (task.value = null)}><Icon name="close" size={16} />{say('page-cancel')}</button>
      </div>
    </form>
  );
}

function Amount({ event, filled, give, fault }: { event: EventKind; filled: Filled; give: (patch: Partial<Filled>) => void; fault: string | null }) {
  const id = useId();
  const units = unitsOf(event);
  if (!units.length) return null;
  const named = (value: string, all: typeof vocabulary.value.units): string => { const word = all.find((one) => one.value === value); return word ? title(word.titles) : value; };
  return (
    <Labelled label={say('page-quantity')} id={id} told={fault} bad>
      <span class="amount">
        <select aria-label={say('page-qualifier')} value={filled.qualifier} onChange={(chosen) => give({ qualifier: chosen.currentTarget.value as Filled['qualifier'] })} data-field="qualifier">
          {qualifiers.map((one) => <option key={one} value={one}>{named(one, vocabulary.value.qualifiers)}</option>)}
        </select>
        <input id={id} type="text" inputMode="decimal" value={filled.amount} aria-invalid={fault ? true : undefined} onInput={(typed) => give({ amount: typed.currentTarget.value })} data-field="quantity" />
        {units.length > 1 ? (
          <select aria-label={say('page-unit')} value={filled.unit} onChange={(chosen) => give({ unit: chosen.currentTarget.value })} data-field="unit">
            {units.map((one) => <option key={one} value={one}>{named(one, vocabulary.value.units)}</option>)}
          </select>
        ) : <span class="unit">{named(units[0]!, vocabulary.value.units)}</span>}
      </span>
    </Labelled>
  );
}
