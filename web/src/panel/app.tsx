// The page: three layouts of the same parts.

import { useEffect } from 'preact/hooks';
import { catalog, catalogFault, readCatalog } from '../catalog';
import { state } from '../state';
import { drawerOpen, layerSheet, layout, stop } from '../ui';
import { say } from '../words';
import { SignIn } from './account';
import { Analysis } from './analysis';
import { Card } from './card';
import { Create } from './create';
import { Ordering } from './dispatch';
import { Fault } from './fault';
import { Icon } from './icons';
import { Layers } from './layers';
import { MapBox } from './mapbox';
import { Viewer } from './photos';
import { Sheet } from './sheet';
import { Status } from './status';
import { Tabs } from './tabs';
import { Toast } from './toast';
import { share, Top } from './top';

export function App() {
  const kind = layout.value;
  const selected = state.value.selected;
  useEffect(() => {
    if (selected && kind === 'phone' && stop.value !== 'half') stop.value = 'half';
  }, [selected, kind]);
  return (
    <div class={`app ${kind}`}>
      <Top />
      {kind === 'phone' ? <PhoneLayers /> : <LeftPanel />}
      {catalog.value ? <MapBox /> : <main class="map waiting" aria-busy="true">{catalogFault.value ? <Fault title={say('page-layer-failed')} fault={catalogFault.value} retry={() => void readCatalog()} /> : null}</main>}
      {kind === 'phone' && catalog.value?.map.synthetic && <span class="demo floating">{say('page-demo-data')}</span>}
      {kind === 'phone' ? <Sheet><Right /></Sheet> : <aside class="right" aria-label={say('page-analyses')}><Right /></aside>}
      {kind !== 'phone' && <Status />}
      <Toast />
      <Viewer />
      <SignIn />
    </div>
  );
}

function Right() {
  if (!catalog.value) return <div class="skeletons" aria-hidden="true">{[0, 1, 2, 3, 4].map((i) => <div class="skeleton row-skeleton" key={i} />)}</div>;
  return (
    <>
      <Tabs />
      <div class="right-body">
        <Analysis />
        <Card />
        <Ordering />
        <Create />
      </div>
    </>
  );
}

function LeftPanel() {
  const drawer = layout.value === 'drawer';
  if (drawer && !drawerOpen.value) return null;
  return (
    <aside class="left" aria-label={say('page-layers')}>
      <div class="left-head">
        <h2>{say('page-layers')}</h2>
        {drawer && <button class="action only-icon" aria-label={say('page-close')} onClick={() => (drawerOpen.value = false)}><Icon name="close" /></button>}
      </div>
      {catalog.value ? <Layers /> : <div class="skeletons" aria-hidden="true">{[0, 1, 2, 3, 4, 5].map((i) => <div class="skeleton layer-skeleton" key={i} />)}</div>}
    </aside>
  );
}

function PhoneLayers() {
  if (!layerSheet.value) return null;
  return (
    <aside class="left over" aria-label={say('page-layers')}>
      <div class="left-head">
        <h2>{say('page-layers')}</h2>
        <button class="action" onClick={() => void share()}><Icon name="share" /><span>{say('page-share')}</span></button>
        <button class="action only-icon" aria-label={say('page-close')} onClick={() => (layerSheet.value = false)}><Icon name="close" /></button>
      </div>
      <Layers />
    </aside>
  );
}
