// The bar under the map: how old the data is, in which system, where the pointer is.

import { catalog } from '../catalog';
import { position, prose } from '../format';
import { pointer } from '../ui';
import { say } from '../words';

export function Status() {
  const about = catalog.value?.map;
  const at = pointer.value;
  if (!about) return <footer class="status" />;
  return (
    <footer class="status">
      {about.dataDate && <span>{say('page-data-date', { day: prose(about.dataDate) })}</span>}
      <span class="crs" title={say('page-crs')}>{say('page-crs-short')}</span>
      {about.attribution && <span class="attribution">{about.attribution}</span>}
      <span class="pointer" data-pointer>{at ? position(at.lon, at.lat) : ''}</span>
    </footer>
  );
}
