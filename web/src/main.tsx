import { effect } from '@preact/signals';
import { render } from 'preact';
import { getText } from './api';
import { catalog, readCatalog } from './catalog';
import { keepData } from './data';
import { App } from './panel/app';
import { listenToHistory, state } from './state';
import { map } from './ui';
import { lang, speak, title } from './words';
import './css/base.css';
import './css/map.css';
import './css/panel.css';
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

showWhenSpoken();
void readCatalog();
keepData();
listenToHistory((view) => view && map.value?.jump(view));
effect(() => {
  void lang.value;
  if (catalog.value) document.title = title(catalog.value.map.titles);
});
