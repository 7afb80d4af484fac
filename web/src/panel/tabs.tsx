// The questions: those asked daily as tabs, the board first; the others in a menu, by theme, each with what it answers.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { catalog } from '../catalog';
import { tabs, themeOf } from '../present';
import { ask, process } from '../state';
import type { Process } from '../types';
import { layout } from '../ui';
import { has, say, title } from '../words';
import { Icon } from './icons';

const open = signal(false);

/** More than these do not fit beside each other: then the others stand in a menu. */
const most = 8;

const short = (one: Process): string => (has(`page-tab-${one.id}`) ? say(`page-tab-${one.id}`) : title(one.titles));

export function Tabs() {
  const every = catalog.value?.processes ?? [];
  const daily = tabs.flatMap((name) => every.filter((one) => one.id === name));
  const rare = every.filter((one) => !tabs.includes(one.id));
  const folded = every.length > most;
  const now = process.value;
  const elsewhere = folded && now && rare.includes(now) ? now : null;
  const shown = folded ? [...daily, ...(elsewhere ? [elsewhere] : [])] : [...daily, ...rare];
  useEffect(() => document.getElementById(`tab-${now?.id}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [now?.id]);
  const walk = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!way || !now) return;
    const next = shown[(shown.indexOf(now) + way + shown.length) % shown.length]!;
    ask(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
    event.preventDefault();
  };
  return (
    <div class={folded ? 'tab-bar folded' : 'tab-bar'}>
      <div class="tabs" role="tablist" aria-label={say('page-analyses')} onKeyDown={walk}>
        {shown.map((one) => {
          const on = one === now;
          const reason = one.fit.fits ? null : title(one.fit.reasons);
          return (
            <button key={one.id} id={`tab-${one.id}`} role="tab" aria-selected={on} aria-controls="answer" tabIndex={on ? 0 : -1}
              class={reason === null ? 'tab' : 'tab unfit'} title={reason ?? title(one.titles)} aria-description={reason ?? undefined} aria-disabled={reason !== null || undefined} onClick={() => ask(one.id)}>
              {short(one)}
            </button>
          );
        })}
      </div>
      {folded && <More rare={rare} now={now} />}
    </div>
  );
}

function More({ rare, now }: { rare: readonly Process[]; now: Process | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open.value) return;
    const shut = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(event.target as Node)) open.value = false;
    };
    addEventListener('pointerdown', shut);
    addEventListener('keydown', shut);
    box.current?.querySelector<HTMLElement>('.menu button')?.focus();
    return () => { removeEventListener('pointerdown', shut); removeEventListener('keydown', shut); };
  }, [open.value]);
  const themes = [...new Set(rare.map((one) => themeOf(one.id)))];
  const step = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!way) return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>('.menu button') ?? [])];
    all[(all.indexOf(document.activeElement as HTMLElement) + way + all.length) % all.length]?.focus();
    event.preventDefault();
  };
  return (
    <div class="more-tabs" ref={box}>
      <button class="tab" aria-expanded={open.value} aria-haspopup="true" onClick={() => (open.value = !open.value)} data-more><span>{say('page-more-questions')}</span><Icon name="chevron" size={14} /></button>
      {open.value && (
        <div class={layout.value === 'phone' ? 'menu questions up' : 'menu questions'} role="group" aria-label={say('page-more-questions')} onKeyDown={step}>
          {themes.map((theme) => (
            <section key={theme}>
              <div class="menu-title">{say(`page-theme-${theme}`)}</div>
              {rare.filter((one) => themeOf(one.id) === theme).map((one) => (
                <button key={one.id} class="option question" aria-current={one === now || undefined} onClick={() => { ask(one.id); open.value = false; }} data-question={one.id}>
                  <strong>{title(one.titles)}</strong>
                  <span class="quiet">{one.fit.fits ? title(one.question) : title(one.fit.reasons)}</span>
                </button>
              ))}
            </section>
          ))}
        </div>
      )}
    </div>
  );
}
