// The bar under the map: how old the data is, in which system, where the pointer is, and the day asked about.

import { catalog } from '../catalog';
import { position, prose } from '../format';
import { go, state } from '../state';
import { pointer } from '../ui';
import { say } from '../words';

export function Status() {
  const about = catalog.value?.map;
  const at = pointer.value;
  const day = state.value.day;
  if (!about) return <footer class="status" />;
  return (
    <footer class="status">
      {about.dataDate && <span>{say('page-data-date', { day: prose(about.dataDate) })}</span>}
      <label class={day ? 'as-of on' : 'as-of'}>
        {say('page-as-of')}
        <input type="date" max={about.today} value={day ?? about.today} onChange={(event) => {
          const value = event.currentTarget.value;
          go({ day: value && value !== about.today ? value : null }, 'push');
        }} />
      </label>
      {day && <button class="link" onClick={() => go({ day: null }, 'push')}>{say('page-as-of-clear')}</button>}
      <span class="crs" title={say('page-crs')}>{say('page-crs-short')}</span>
      {about.attribution && <span class="attribution">{about.attribution}</span>}
      <span class="pointer" data-pointer>{at ? position(at.lon, at.lat) : ''}</span>
    </footer>
  );
}
