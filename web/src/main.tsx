import { effect } from '@preact/signals';
import { render } from 'preact';
import { getText } from './api';
import { catalog, readCatalog } from './catalog';
import { keepChronicle } from './chronicle';
import { forget, keepData } from './data';
import { readVocabulary } from './ledger';
import { App } from './panel/app';
import { readSession, session } from './session';
import { listenToHistory, state } from './state';
import { keepTimeline } from './timeline';
import { map } from './ui';
import { lang, speak, title } from './words';
import './css/base.css';
import './css/map.css';
import './css/panel.css';
import './css/form.css';
import './css/ledger.css';
import './css/time.css';
import './css/phone.css';

/** The words come first: a page without them would show keys. */
async function speakAs(language: 'zh' | 'en'): Promise<void> {
  speak(language, await getText(`/text/${language}.ftl`));
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

function showWhenSpoken(): void {
  let drawn = false;
  effect(() => {
    const wanted = state.value.lang;
    void speakAs(wanted).then(() => {
      if (drawn) return;
      drawn = true;
      render(<App />, document.getElementById('app')!);
    }).catch(() => {
      document.getElementById('app')!.textContent = '连不上服务器，请稍后刷新。The server does not answer; please reload later.';
    });
  });
}

/** Who may see what depends on who is there: another reader reads everything anew. */
function readAll(): void {
  void readCatalog();
  void readVocabulary().catch(() => undefined);
}

showWhenSpoken();
readAll();
let reader: string | null | undefined;
void readSession().catch(() => undefined).then(() => {
  effect(() => {
    const name = session.value.account?.name ?? null;
    if (reader !== undefined && reader !== name) {
      forget();
      readAll();
    }
    reader = name;
  });
});
keepData();
keepChronicle();
keepTimeline();
listenToHistory((view) => view && map.value?.jump(view));
effect(() => {
  void lang.value;
  if (catalog.value) document.title = title(catalog.value.map.titles);
});
