// The form of a record: everything that can be said of an event.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { layer } from '../catalog';
import { knownPeople } from '../chronicle';
import { blank, done, draftOf, toDraft, type Filled, type Ready } from '../drafting';
import { prose } from '../format';
import { past, today } from '../may';
import { nameOf } from '../showing';
import type { Pick } from '../state';
import type { EventKind, Feature } from '../types';
import { task } from '../ui';
import { say, title } from '../words';
import { Day } from './day';
import { Amount, Taken } from './amount';
import { sentence } from './fault';
import { faultWords, Field, Labelled, Person } from './form';
import { Icon } from './icons';
import { dropping, Shots } from './photos';
import { Position } from './position';
import { offersFor, write } from './quick';

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
    <form class="form" noValidate onSubmit={(given) => { given.preventDefault(); void submit(); }} {...dropping((step) => give({ shots: step(filled.value.shots) }))} data-form="record">
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
        <Day id={`${id}-on`} value={now.on} max={today.value} give={(on) => give({ on })} bad={Boolean(faults.value?.$on)} told={faults.value?.$on ? `${id}-on-told` : undefined} field="on" needed raw />
      </Labelled>
      <Person label={say('page-by')} value={now.by} give={(by) => give({ by })} known={knownPeople.value} field="by" />
      <Labelled label={say('page-note')} id={`${id}-note`}>
        <textarea id={`${id}-note`} rows={2} value={now.note} onInput={(typed) => give({ note: typed.currentTarget.value })} data-field="note" />
      </Labelled>
      <div class="field" role="group" aria-label={say('page-photos')}>
        <span class="field-label">{say('page-photos')}</span>
        <div class="field-body"><Shots shots={now.shots} told={(step) => give({ shots: step(filled.value.shots) })} />{event.needs_proof && <p class="field-told">{say('page-proof-wanted')}</p>}<Taken filled={now} feature={feature} give={give} /></div>
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
