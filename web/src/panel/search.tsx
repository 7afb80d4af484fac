// The search box over everything loaded. `/` comes here, arrows choose, Enter goes.

import { computed, effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { catalog } from '../catalog';
import { spell } from '../address';
import { items } from '../api';
import { dated, layers } from '../data';
import { readChainage, search, type Hit } from '../find';
import { position } from '../format';
import { frame } from '../geometry';
import { state, select, toggleLayer } from '../state';
import { covered, map } from '../ui';
import type { Feature } from '../types';
import { say, title } from '../words';
import { Icon } from './icons';
import { Swatch } from './swatch';
import { swatch } from '../style';

const text = signal('');
const open = signal(false);
const active = signal(0);

const found = computed(() =>
  search(text.value, (catalog.value?.layers ?? []).map((layer) => ({ layer, features: layers.value[layer.id]?.features ?? [] }))),
);
/** Where a typed chainage stands: the server knows, and answers while one types on. */
const stones = signal<readonly Feature[]>([]);
/** Until it has: nothing is said to be nowhere that was not looked for. */
const seeking = signal(false);

effect(() => {
  const wanted = open.value ? readChainage(text.value) : null;
  const process = catalog.value?.processes.find((one) => one.id === 'chainage' && one.fit.fits);
  const day = state.value.day;
  stones.value = [];
  seeking.value = Boolean(wanted && process);
  if (!wanted || !process) return;
  const abort = new AbortController();
  const id = dated(spell(process, { at: wanted.at, ...(wanted.road ? { road: wanted.road } : {}) }, null), day);
  // No such road, or no such number on it: nothing is found.
  const timer = setTimeout(() => void items(id, { limit: 4 }, abort.signal).then((page) => (stones.value = page.features), () => undefined).finally(() => { if (!abort.signal.aborted) seeking.value = false; }), 150);
  return () => { clearTimeout(timer); abort.abort(); };
});

const count = computed(() => found.value.first.length + stones.value.length + (found.value.position ? 1 : 0));

function go(hit: Hit): void {
  if (state.value.hidden.includes(hit.collection)) toggleLayer(hit.collection);
  select({ collection: hit.collection, id: String(hit.feature.id) });
  const bounds = frame([hit.feature.geometry]);
  if (bounds) map.value?.reveal(bounds, covered(), true);
  open.value = false;
}

function goPosition(): void {
  const at = found.value.position;
  if (at) map.value?.reveal([at[0], at[1], at[0], at[1]], covered(), true);
  open.value = false;
}

function goStone(stone: Feature): void {
  const bounds = frame([stone.geometry]);
  if (bounds) map.value?.reveal(bounds, covered(), true);
  open.value = false;
}

function choose(index: number): void {
  const offset = (found.value.position ? 1 : 0) + stones.value.length;
  const stone = stones.value[index - (found.value.position ? 1 : 0)];
  if (found.value.position && index === 0) goPosition();
  else if (stone) goStone(stone);
  else if (found.value.first[index - offset]) go(found.value.first[index - offset]!);
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing) return;
  if (event.key === 'ArrowDown') active.value = Math.min(active.value + 1, count.value - 1);
  else if (event.key === 'ArrowUp') active.value = Math.max(active.value - 1, 0);
  else if (event.key === 'Enter') choose(active.value);
  else if (event.key === 'Escape') {
    open.value = false;
    (event.currentTarget as HTMLElement).blur();
    event.stopPropagation();
    return;
  } else return;
  event.preventDefault();
}

export function Search() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const typing = (event.target as HTMLElement).closest('input, textarea, select');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const shown = open.value && text.value.trim() !== '';
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={input} type="text" list={undefined} role="combobox" aria-expanded={shown} aria-controls="found" aria-autocomplete="list"
        aria-activedescendant={shown && count.value ? `found-${active.value}` : undefined}
        aria-label={say('page-search-label')} placeholder={say('page-search')} value={text.value} autocomplete="off" spellcheck={false}
        onInput={(event) => { text.value = event.currentTarget.value; active.value = 0; open.value = true; }}
        onFocus={() => (open.value = true)} onBlur={() => setTimeout(() => (open.value = false), 150)} onKeyDown={onKey}
      />
      <kbd aria-hidden="true">/</kbd>
      {shown && <Hits />}
    </div>
  );
}

function Hits() {
  const { position: at, groups } = found.value;
  const before = at ? 1 : 0;
  let index = before + stones.value.length;
  return (
    <div class="menu hits" id="found" role="listbox" aria-label={say('page-search-label')}>
      {at && <Option index={0} onPick={goPosition}><Icon name="locate" /><span class="grow">{say('page-search-go')}</span><span class="quiet">{position(...at)}</span></Option>}
      {stones.value.length > 0 && (
        <div role="group" aria-label={say('page-search-chainage')}>
          <div class="menu-title" aria-hidden="true">{say('page-search-chainage')}</div>
          {stones.value.map((one, i) => (
            <Option key={one.id} index={before + i} onPick={() => goStone(one)}>
              <Icon name="locate" /><span class="grow">{String(one.properties.chainage)}</span>
              <span class="quiet">{String(one.properties.name ?? one.properties.ref ?? '')}</span>
            </Option>
          ))}
        </div>
      )}
      {groups.map((group) => (
        <div role="group" aria-label={title(group.layer.titles)} key={group.layer.id}>
          <div class="menu-title" aria-hidden="true">{title(group.layer.titles)}</div>
          {group.hits.map((hit) => {
            const at = index++;
            const village = hit.feature.properties.village;
            return (
              <Option key={hit.feature.id} index={at} onPick={() => go(hit)}>
                <Swatch values={swatch(group.layer.style)} small />
                <span class="grow"><Marked text={hit.name} /></span>
                <span class="quiet">{hit.also ? <Marked text={hit.also} /> : typeof village === 'string' && village !== hit.name ? village : ''}</span>
              </Option>
            );
          })}
          {group.more > 0 && <div class="menu-note" aria-hidden="true">{say('page-search-more', { count: group.more })}</div>}
        </div>
      ))}
      {count.value === 0 && !seeking.value && <div class="menu-note" role="option" aria-selected="false">{say('page-search-none', { text: text.value.trim() })}</div>}
    </div>
  );
}

function Option({ index, onPick, children }: { index: number; onPick: () => void; children: preact.ComponentChildren }) {
  return (
    <div id={`found-${index}`} role="option" aria-selected={active.value === index} class="option" onMouseDown={(event) => { event.preventDefault(); onPick(); }} onMouseEnter={() => (active.value = index)}>
      {children}
    </div>
  );
}

function Marked({ text: whole }: { text: string }) {
  const wanted = text.value.trim();
  const at = whole.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return <>{whole}</>;
  return <>{whole.slice(0, at)}<mark>{whole.slice(at, at + wanted.length)}</mark>{whole.slice(at + wanted.length)}</>;
}
