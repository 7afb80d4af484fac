// The bar over the map: whose map it is, search, and what concerns the whole page.

import { catalog } from '../catalog';
import { go, state } from '../state';
import { drawerOpen, layerSheet, layout, tell } from '../ui';
import { say, title } from '../words';
import { Account } from './account';
import { Export } from './export';
import { Icon } from './icons';
import { Search } from './search';

export async function share(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    tell(say('page-shared'));
  } catch {
    tell(byHand() ? say('page-shared') : say('page-share-failed'));
  }
}

/** Plain http has no clipboard of its own: the old way still works there. */
function byHand(): boolean {
  const box = document.createElement('textarea');
  box.value = location.href;
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  return done;
}

export function Top() {
  const about = catalog.value?.map;
  const phone = layout.value === 'phone';
  const other = state.value.lang === 'zh' ? 'en' : 'zh';
  return (
    <header class="top">
      {layout.value === 'drawer' && (
        <button class="action only-icon" aria-label={say('page-layers-open')} aria-expanded={drawerOpen.value} onClick={() => (drawerOpen.value = !drawerOpen.value)}><Icon name="layers" size={20} /></button>
      )}
      <div class="brand">
        <Mark />
        <h1 title={title(about?.titles)}>{title(about?.titles)}</h1>
        {about?.synthetic && <span class="demo">{say('page-demo-data')}</span>}
      </div>
      <Search />
      <div class="actions">
        {!phone && <button class="action" onClick={() => void share()}><Icon name="share" /><span>{say('page-share')}</span></button>}
        {!phone && <Export />}
        <Account />
        {phone && <button class="action only-icon boxed" aria-label={say('page-layers-open')} onClick={() => (layerSheet.value = !layerSheet.value)} aria-expanded={layerSheet.value}><Icon name="layers" size={20} /></button>}
        <button class="action boxed" lang={other === 'zh' ? 'zh-CN' : 'en'} title={say('page-language-label')} onClick={() => go({ lang: other })} data-language>{say('page-language')}</button>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b5d57" />
      <path d="M4 22c5-4 8-1 12-3s6-6 12-5v9a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5z" fill="#7fc3b2" />
      <path d="M6 14c6-6 9 2 20-5" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-dasharray="5 3.6" />
    </svg>
  );
}
