// Taking a feature off the map, with the reason. Its past and its history stay.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { fetchItem, withdraw } from '../ledger';
import { nameOf } from '../showing';
import { select, type Pick } from '../state';
import type { Collection, Feature } from '../types';
import { task } from '../ui';
import { say } from '../words';
import { saidUndoable } from './edit';
import { sentence } from './fault';
import { Labelled } from './form';

export function Withdraw({ pick, feature, collection }: { pick: Pick; feature: Feature; collection: Collection }) {
  const id = useId();
  const reason = useSignal('');
  const told = useSignal<string | null>(null);
  const busy = useSignal(false);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const name = nameOf(feature, collection) ?? pick.id;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!reason.value.trim()) return void (told.value = say('page-withdraw-why'));
    busy.value = true;
    try {
      await withdraw(pick, reason.value.trim(), (await fetchItem(pick)).etag);
      saidUndoable(say('page-withdrawn', { text: name }), pick);
      task.value = null;
      select(null);
    } catch (fault) {
      told.value = sentence(fault);
    }
    busy.value = false;
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)} data-form="withdraw">
      <h2 tabIndex={-1} ref={head}>{say('page-withdraw-of', { text: name })}</h2>
      <p>{say('page-withdraw-means')}</p>
      <Labelled label={say('page-reason')} id={id} told={told.value} bad>
        <textarea id={id} rows={2} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} data-field="reason" />
      </Labelled>
      <div class="form-end">
        <button class="button grave" type="submit" disabled={busy.value}>{say('page-withdraw')}</button>
        <button class="button plain" type="button" onClick={() => (task.value = null)}>{say('page-cancel')}</button>
      </div>
    </form>
  );
}
