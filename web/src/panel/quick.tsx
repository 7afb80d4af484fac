// What can be recorded of a feature at one tap, at the head of its card; and the way any record is written.

import { useSignal } from '@preact/signals';
import { Problem } from '../api';
import { layer } from '../catalog';
import { prose } from '../format';
import { record, undo, vocabulary } from '../ledger';
import { mayTouch, past, stranger } from '../may';
import { needsForm, offered, transition } from '../offers';
import { demand } from '../session';
import { nameOf } from '../showing';
import type { Pick } from '../state';
import type { Draft, EventKind, Feature } from '../types';
import { task, tell } from '../ui';
import { say, title } from '../words';
import { sentence } from './fault';

/** What the feature may have next. */
export function offersFor(pick: Pick, feature: Feature): EventKind[] {
  return offered(vocabulary.value.events, layer(pick.collection)?.kind ?? '', feature);
}

/** Records, and says so with the way back. */
export async function write(pick: Pick, feature: Feature, event: EventKind, draft: Draft): Promise<void> {
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
