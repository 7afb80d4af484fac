// The place of a point: dragged on the map, or typed.

import { useId, useLayoutEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { amount, distance, readPosition } from '../format';
import { metresApart } from '../geometry';
import { moving } from '../ui';
import { say } from '../words';
import { Labelled } from './form';

const spelled = (at: readonly [number, number]): string => `${at[0].toFixed(6)}, ${at[1].toFixed(6)}`;

export function Place({ start }: { start: readonly [number, number] }) {
  const id = useId();
  const at = moving.value ?? start;
  const typed = useSignal(spelled(at));
  const bad = useSignal(false);
  useLayoutEffect(() => {
    // What is being typed is not rewritten under the hand; where the pin was dragged, it is.
    const read = readPosition(typed.value);
    if (read?.[0] !== at[0] || read[1] !== at[1]) typed.value = spelled(at);
    bad.value = false;
  }, [at[0], at[1]]);
  const give = (text: string): void => {
    typed.value = text;
    const read = readPosition(text);
    if (read) moving.value = read;
  };
  const away = metresApart(start, at);
  return (
    <Labelled label={say('page-place')} id={id} bad={bad.value} told={bad.value ? say('page-fault-place') : away >= 0.5 ? say('page-place-moved', { value: amount(distance(away)) }) : say('page-place-drag')}>
      <span class="with-unit">
        <input id={id} type="text" value={typed.value} aria-invalid={bad.value || undefined} onInput={(event) => give(event.currentTarget.value)} onBlur={() => (bad.value = readPosition(typed.value) === null)} data-field="place" />
        {away >= 0.5 && <button type="button" class="link" onClick={() => (moving.value = [...start])}>{say('page-place-back')}</button>}
      </span>
    </Labelled>
  );
}
