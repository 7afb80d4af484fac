// The answer's rows, worst first, linked with the map both ways. Only the rows in sight are in the page.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { answer, moreAnswers } from '../data';
import { amount, measure, number, shown, unitOf } from '../format';
import { frame } from '../geometry';
import { colorOf, leadOf, present } from '../present';
import { pickToggle } from '../picking';
import { attributesOf, chosen, rows, villageOf } from '../results';
import { about, nameOf, otherEnd } from '../showing';
import { select, state } from '../state';
import { swatch, type Swatch as Values } from '../style';
import type { Attribute, Collection, Feature, Process } from '../types';
import { covered, hovered, layout, map, picked } from '../ui';
import { say } from '../words';
import { Swatch } from './swatch';

const rowHeight = 56;
const scrolled = signal(0);
const height = signal(600);

export function pickRow(process: Process, feature: Feature): void {
  select({ collection: process.id, id: String(feature.id) });
  const tied = otherEnd(feature);
  const bounds = frame([feature.geometry, tied]);
  if (bounds) map.value?.reveal(bounds, covered());
}

export function Results({ process, scroller }: { process: Process; scroller: { current: HTMLElement | null } }) {
  const list = useRef<HTMLDivElement>(null);
  const all = rows.value;
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const measure = (): void => {
      const offset = (list.current?.getBoundingClientRect().top ?? 0) - box.getBoundingClientRect().top;
      scrolled.value = Math.max(0, -offset);
      height.value = box.clientHeight;
    };
    measure();
    box.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => { box.removeEventListener('scroll', measure); observer.disconnect(); };
  }, [all]);
  const selected = state.value.selected;
  useEffect(() => {
    const at = selected?.collection === process.id ? all.findIndex((one) => String(one.id) === selected.id) : -1;
    const [box, place] = [scroller.current, list.current];
    if (at < 0 || !box || !place) return;
    const top = place.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop + at * rowHeight;
    if (top < box.scrollTop + 44 || top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top - box.clientHeight / 2;
  }, [selected?.id, selected?.collection]);
  const first = Math.max(0, Math.floor(scrolled.value / rowHeight) - 6);
  const last = Math.min(all.length, Math.ceil((scrolled.value + height.value) / rowHeight) + 6);
  const collection = answer.value?.about ?? about(process.id);
  const attributes = attributesOf(process);
  return (
    <>
      <div class="rows" ref={list} role="list" style={{ height: `${all.length * rowHeight}px` }} onKeyDown={(event) => step(event, process, all, scroller.current)}>
        {all.slice(first, last).map((feature, i) => (
          <Row key={feature.id} process={process} feature={feature} index={first + i} collection={collection} attributes={attributes} total={all.length} />
        ))}
      </div>
      {answer.value?.next && chosen.value === null && <button class="button more" onClick={() => void moreAnswers()}>{say('page-more')}</button>}
    </>
  );
}

/** Arrows walk the rows, Enter opens one. */
function step(event: KeyboardEvent, process: Process, all: readonly Feature[], box: HTMLElement | null): void {
  const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (!way) return;
  event.preventDefault();
  const now = Number((document.activeElement as HTMLElement | null)?.dataset.index ?? -1);
  const next = Math.min(all.length - 1, Math.max(0, now + way));
  const feature = all[next];
  if (!feature) return;
  hovered.value = { collection: process.id, id: String(feature.id) };
  const target = box?.querySelector<HTMLElement>(`[data-index="${next}"]`);
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

function values(collection: Collection | null, feature: Feature): Values | null {
  if (!collection) return null;
  const one = collection.style.classes?.find((each) => each.value === String(feature.properties[collection.style.class ?? '']));
  return swatch(collection.style, one);
}

/** As on the map: left out, or seen to. */
function stretch(plain: Values, feature: Feature): Values {
  const out = feature.properties.unpatrolled !== false;
  return { ...plain, fill: out ? '#D55E00' : '#0072B2', outline: '#FFFFFF', width: out ? 4.5 : 3 };
}

/** As on the map: the ground, or the road, that is served. */
function served(plain: Values, feature: Feature): Values {
  return feature.geometry?.type.endsWith('LineString') ? { ...plain, draw: 'line', fill: '#0072B2', outline: '#FFFFFF', width: 4.5 } : { ...plain, draw: 'fill', fill: '#0072B2', outline: '#0072B2', hatch: false, opacity: 0.2 };
}

/** As on the strip map: issues, unsigned fronts, neither. */
function side(plain: Values, feature: Feature): Values {
  const fill = Number(feature.properties.issues) > 0 ? '#D55E00' : Number(feature.properties.unsigned) > 0 ? '#E69F00' : '#A9C4D6';
  return { ...plain, draw: 'fill', fill, outline: fill };
}

function Row({ process, feature, index, collection, attributes, total }: { process: Process; feature: Feature; index: number; collection: Collection | null; attributes: readonly Attribute[]; total: number }) {
  const how = present(process);
  const pick = { collection: process.id, id: String(feature.id) };
  const chosenOne = state.value.selected?.collection === pick.collection && state.value.selected.id === pick.id;
  const pointed = hovered.value?.id === pick.id && hovered.value.collection === pick.collection;
  const field = (name: string): string | null => {
    const attribute = attributes.find((one) => one.name === name);
    const value = feature.properties[name];
    if (name === 'village' && !value) return villageOf(feature);
    return attribute ? shown(attribute, value) : value === null || value === undefined ? null : String(value);
  };
  const name = nameOf(feature, collection) ?? say('page-unnamed');
  const line = (names: readonly string[]): string => names.flatMap((one) => field(one) ?? []).filter((text) => text !== name).join(' · ');
  const own = values(collection, feature);
  // A result in classes bears its class's colour here as on the map.
  const classed = own && how.overlay === 'classes' && how.classing ? colorOf(how.classing, feature) : null;
  const swatchValues = own && classed ? { ...own, draw: feature.geometry?.type.endsWith('LineString') ? ('line' as const) : ('fill' as const), width: 4.5, fill: classed, outline: classed, hatch: false, opacity: 1 } : own;
  const gap = how.overlay === 'gap' && Boolean(feature.geometry?.type.endsWith('Polygon'));
  return (
    <div role="listitem" aria-setsize={total} aria-posinset={index + 1} class="row-place" style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}>
      {picked.value && <label class="row-pick"><input type="checkbox" checked={picked.value.has(pick.id)} onChange={() => pickToggle(pick.id)} aria-label={say('page-pick', { text: name })} data-check={feature.id} /></label>}
      <button class={`row${how.mute && feature.properties[how.mute.by] === how.mute.value ? ' muted' : ''}${chosenOne ? ' selected' : ''}${pointed ? ' pointed' : ''}`} aria-current={chosenOne || undefined} data-index={index} data-row={feature.id}
        onClick={() => pickRow(process, feature)}
        onMouseEnter={() => layout.value !== 'phone' && (hovered.value = pick)} onMouseLeave={() => (hovered.value = null)}>
        {how.rank && typeof feature.properties[how.rank] === 'number' ? <span class="row-rank">{feature.properties[how.rank] as number}</span> : swatchValues && <Swatch values={gap ? { ...swatchValues, fill: '#D55E00', outline: '#D55E00' } : how.overlay === 'reach' ? served(swatchValues, feature) : how.overlay === 'strips' ? side(swatchValues, feature) : how.overlay === 'stretch' || (how.stretch && !classed && feature.geometry?.type.endsWith('LineString')) ? stretch(swatchValues, feature) : swatchValues} gap={gap} small />}
        <span class="row-text">
          <span class="row-name" title={name}>{name}</span>
          <span class="row-sub">{how.why ? why(how.why, feature, attributes) : line(how.left)}</span>
        </span>
        <span class="row-figures">
          <Lead process={process} feature={feature} attributes={attributes} />
          {line(how.right) && <span class="row-sub">{line(how.right)}</span>}
        </span>
      </button>
    </div>
  );
}

/** A sentence of the catalogue with a feature's properties, as they are read. */
function why(key: string, feature: Feature, attributes: readonly Attribute[]): string {
  const said = attributes.map((one) => [one.name, shown(one, feature.properties[one.name]) ?? ''] as const);
  return say(key, Object.fromEntries(said));
}

function Lead({ process, feature, attributes }: { process: Process; feature: Feature; attributes: readonly Attribute[] }) {
  const how = present(process);
  const name = leadOf(how, feature);
  const attribute = attributes.find((one) => one.name === name);
  if (!name || !attribute) return null;
  const value = feature.properties[name];
  if (typeof value !== 'number') return <span class="lead">{(value === null || value === undefined) && how.leadNull ? say(how.leadNull) : (shown(attribute, value) ?? '')}</span>;
  const { number: digits, unit } = measure(value, unitOf(attribute));
  return <span class="lead" title={amount({ number: digits, unit })}>{digits}<small>{unit}</small></span>;
}

export function Tally() {
  const now = answer.value;
  if (!now || now.matched === null) return null;
  const part = rows.value.length < now.matched;
  return (
    <span class="tally" role="status" aria-live="polite" data-matched={now.matched}>
      {part ? say('page-shown-of', { shown: number(rows.value.length), count: number(now.matched) }) : say('page-total', { count: now.matched })}
    </span>
  );
}
