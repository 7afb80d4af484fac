// Everything people read comes from the server's catalogue of words, one a language.

import { FluentBundle, FluentResource } from '@fluent/bundle';
import { signal } from '@preact/signals';
import type { Lang, Titles } from './types';

export type Vars = Record<string, string | number>;

export const lang = signal<Lang>('zh');
const bundle = signal<FluentBundle | null>(null);

export function bundleOf(language: Lang, text: string): FluentBundle {
  const made = new FluentBundle(language === 'zh' ? 'zh-CN' : 'en', { useIsolating: false });
  made.addResource(new FluentResource(text));
  return made;
}

export function speak(language: Lang, text: string): void {
  bundle.value = bundleOf(language, text);
  lang.value = language;
}

/** Whether the catalogue has this sentence. */
export function has(key: string): boolean {
  return bundle.value?.hasMessage(key) ?? false;
}

export function say(key: string, vars: Vars = {}): string {
  const pattern = bundle.value?.getMessage(key)?.value;
  return pattern ? bundle.value!.formatPattern(pattern, vars, []) : key;
}

export function title(titles: Titles | undefined): string {
  return titles?.[lang.value] || titles?.zh || '';
}

/** A name within an English sentence begins small; one in capitals stays. */
export function within(name: string): string {
  return lang.value === 'en' && /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
