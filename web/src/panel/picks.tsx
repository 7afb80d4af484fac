// Picking results from a list: the button that begins it, the bar over the list, the button that goes on.

import { useSignal } from '@preact/signals';
import { answer, wholeAnswer } from '../data';
import { number } from '../format';
import { mayDispatch, ordering, pickFirst, stopPicking } from '../picking';
import { chosen, rows } from '../results';
import { picked } from '../ui';
import { say } from '../words';
import { Icon } from './icons';

/** In the head of the list. */
export function DispatchButton() {
  if (!mayDispatch.value || picked.value) return null;
  return <button class="button soft small" onClick={() => (picked.value = new Set())} data-pick>{say('page-dispatch')}</button>;
}

/** Instead of the head of the list, while results are picked. */
export function PickBar() {
  const count = picked.value?.size ?? 0;
  const matched = answer.value?.matched ?? 0;
  const first = useSignal('10');
  const all = async (): Promise<void> => {
    if (chosen.value === null) await wholeAnswer();
    pickFirst();
  };
  const total = chosen.value === null ? matched : rows.value.length;
  return (
    <div class="list-head picking" data-picked={count}>
      <label class="pick-all">
        <input type="checkbox" checked={count > 0 && count === total} ref={(box) => { if (box) box.indeterminate = count > 0 && count < total; }} onChange={(event) => (event.currentTarget.checked ? void all() : (picked.value = new Set()))} data-pick-all />
        <span role="status" aria-live="polite">{say('page-picked', { count: number(count), shown: number(total) })}</span>
      </label>
      <span class="pick-first">
        <button class="link" onClick={() => pickFirst(Math.max(1, Math.round(Number(first.value) || 1)))} data-pick-first>{say('page-pick-first')}</button>
        <input type="text" inputMode="numeric" aria-label={say('page-pick-how-many')} value={first.value} onInput={(event) => (first.value = event.currentTarget.value)} />
      </span>
      <button class="action only-icon" aria-label={say('page-cancel')} onClick={stopPicking}><Icon name="close" size={16} /></button>
    </div>
  );
}

/** At the foot of the panel. */
export function PickFoot() {
  const count = picked.value?.size ?? 0;
  if (!picked.value) return null;
  return (
    <div class="pick-foot">
      <button class="button" disabled={!count} onClick={() => (ordering.value = 'form')} data-order>{say('page-dispatch-count', { count })}</button>
    </div>
  );
}
