// Where the device is, if it may be asked: proof that somebody stood there.

import { useSignal } from '@preact/signals';
import { amount, distance } from '../format';
import { metresApart, pointOn } from '../geometry';
import type { Feature } from '../types';
import { say } from '../words';
import { Icon } from './icons';

/** Browsers tell the place only over https or to this machine. */
export function locatable(): boolean {
  return isSecureContext && 'geolocation' in navigator;
}

export function whereAmI(): Promise<[number, number]> {
  return new Promise((done, failed) => {
    const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
    navigator.geolocation.getCurrentPosition(({ coords }) => done([round(coords.longitude), round(coords.latitude)]), failed, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 });
  });
}

export function Position({ feature, at, give }: { feature: Feature; at: readonly [number, number] | null; give: (at: readonly [number, number] | null) => void }) {
  const state = useSignal<'idle' | 'asking' | 'failed'>('idle');
  if (!locatable()) return null;
  const ask = (): void => {
    state.value = 'asking';
    whereAmI().then((here) => { state.value = 'idle'; give(here); }, () => (state.value = 'failed'));
  };
  const stands = pointOn(feature.geometry);
  return (
    <div class="field" role="group" aria-label={say('page-position')}>
      <span class="field-label">{say('page-position')}</span>
      <div class="field-body">
        {at ? (
          <p class="position" data-position>
            {at[0].toFixed(5)}, {at[1].toFixed(5)}
            {stands && <span class="quiet"> · {say('page-position-away', { value: amount(distance(metresApart(at, stands))) })}</span>}
            <button type="button" class="link" onClick={() => give(null)}>{say('page-remove')}</button>
          </p>
        ) : <button type="button" class="button plain" disabled={state.value === 'asking'} onClick={ask}><Icon name="locate" size={16} />{say(state.value === 'asking' ? 'page-position-asking' : 'page-position-add')}</button>}
        {state.value === 'failed' && <p class="field-told bad" role="alert">{say('page-position-failed')}</p>}
      </div>
    </div>
  );
}
