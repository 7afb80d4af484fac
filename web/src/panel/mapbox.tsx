// The map's place in the page: what stands over it, and the wires between it and the state.

import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { catalog } from '../catalog';
import { find, leftOut, visible } from '../data';
import { shown } from '../format';
import { canDraw, MapView, type At } from '../map/view';
import { about, nameOf, scene } from '../showing';
import { go, process, select, setValue, state, type Pick } from '../state';
import { aiming, covered, hovered, layout, map, moving, picked, placing, pointer, stop, task } from '../ui';
import { ordering, stopPicking } from '../picking';
import { say, title } from '../words';
import { Icon } from './icons';
import { leadOf, present } from '../present';
import { swatch } from '../style';
import { placeAt, ReportButton } from './create';
import { Over } from './over';
import { timeOpen } from './time';
import { Swatch } from './swatch';

const tip = signal<{ at: At; pick: Pick } | null>(null);
const chooser = signal<{ at: At; picks: readonly Pick[] } | null>(null);
const lost = signal(false);

/** The map says "answer"; the page says which analysis. */
function named(picks: readonly Pick[]): Pick[] {
  const name = process.value?.id;
  const real = picks.map((one) => (one.collection === 'answer' && name ? { ...one, collection: name } : one));
  // A result lies on its own subject: one thing, not two.
  const subject = process.value?.subject_parameter;
  const results = new Set(real.filter((one) => one.collection === name).map((one) => one.id));
  const layer = subject ? String(process.value?.inputs[subject]?.schema.default ?? '') : '';
  return real.filter((one) => one.collection === name || one.collection !== layer || !results.has(one.id));
}

/** Things over the ground they stand on: the ground only when there is nothing else. */
function things(picks: readonly Pick[]): Pick[] {
  const isGround = (one: Pick): boolean => about(one.collection)?.group === 'base' && one.collection !== process.value?.id;
  const objects = picks.filter((one) => !isGround(one));
  return objects.length ? objects : picks.slice(0, 1);
}

let timer = 0;

function pointed(at: At | null, picks: readonly Pick[]): void {
  pointer.value = at ? { lon: at.lon, lat: at.lat } : null;
  const [first] = placing.value || aiming.value ? [] : things(named(picks));
  map.value?.cursor(Boolean(first));
  if (first?.id === hovered.value?.id && first?.collection === hovered.value?.collection) {
    if (tip.value && at) tip.value = { ...tip.value, at };
    return;
  }
  clearTimeout(timer);
  tip.value = null;
  hovered.value = first ?? null;
  if (first && at) timer = window.setTimeout(() => (tip.value = { at, pick: first }), 120);
}

function clicked(at: At, picks: readonly Pick[]): void {
  tip.value = null;
  if (placing.value) return placeAt([at.lon, at.lat]);
  if (aiming.value) {
    setValue(aiming.value, `${at.lon.toFixed(6)},${at.lat.toFixed(6)}`);
    aiming.value = null;
    if (layout.value === 'phone') stop.value = 'half';
    return;
  }
  if (moving.value) return;
  const here = things(named(picks));
  chooser.value = here.length > 1 ? { at, picks: here.slice(0, 8) } : null;
  if (here.length <= 1) select(here[0] ?? null);
}

export function MapBox() {
  const element = useRef<HTMLDivElement>(null);
  const able = canDraw();
  useEffect(() => {
    const bbox = catalog.value?.map.bbox;
    if (!able || !element.current || !bbox) return;
    const room = layout.value === 'phone' ? 8 : 20;
    const over = covered();
    const padding = { top: room + over.top, right: room + over.right, bottom: room + over.bottom, left: room };
    const made = new MapView(element.current, state.value.view ?? [...bbox], padding, { map: say('page-map') }, {
      moved: (view, frame) => {
        visible.value = frame;
        go({ view });
      },
      pointed, clicked,
      lost: (gone) => (lost.value = gone),
      thinned: (counts) => (leftOut.value = counts),
    });
    map.value = made;
    const stops = [
      effect(() => made.show(scene.value)),
      effect(() => made.aim(aiming.value !== null || (placing.value !== null && placing.value.at === null))),
      effect(() => made.pin(placing.value?.at ?? moving.value, (at) => (placing.value ? placeAt(at) : (moving.value = at)))),
    ];
    return () => { for (const stop of stops) stop(); map.value = null; made.close(); };
  }, [able, catalog.value === null]);
  useEffect(() => {
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      if ((event.target as HTMLElement).closest('dialog')) return;
      if (chooser.value) chooser.value = null;
      else if (placing.value) placing.value = null;
      else if (task.value) task.value = null;
      else if (ordering.value) ordering.value = null;
      else if (picked.value) stopPicking();
      else select(null);
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, []);
  return (
    <main class="map" id="map">
      {able ? <div class="map-canvas" ref={element} data-map /> : (
        <div class="map-none" role="alert"><p class="empty-title">{say('page-no-webgl')}</p><p>{say('page-no-webgl-hint')}</p></div>
      )}
      {lost.value && <div class="map-lost" role="alert">{say('page-webgl-lost')}</div>}
      {able && <Buttons />}
      <Over />
      <Tip />
      <Chooser />
    </main>
  );
}

function Buttons() {
  const fit = (): void => {
    const bbox = catalog.value?.map.bbox;
    const over = covered();
    const room = layout.value === 'phone' ? 8 : 20;
    if (bbox) map.value?.fit([...bbox], { top: room + over.top, left: room, right: room + over.right, bottom: room + over.bottom });
  };
  return (
    <>
      <div class="north" aria-hidden="true">
        <svg width="22" height="28" viewBox="0 0 22 28"><path d="M11 1L18 25L11 19Z" fill="#1f2933" /><path d="M11 1L4 25L11 19Z" fill="#fff" stroke="#1f2933" stroke-width="1.2" stroke-linejoin="round" /></svg>
        <span>{say('page-north')}</span>
      </div>
      <div class="map-buttons">
        <ReportButton />
        {layout.value === 'phone' && <button aria-label={say('page-time')} aria-pressed={timeOpen.value} onClick={() => (timeOpen.value = !timeOpen.value)} data-time-open><Icon name="clock" /></button>}
        <button aria-label={say('page-fit')} title={say('page-fit')} onClick={fit}><Icon name="fit" /></button>
        <span class="pair">
          <button aria-label={say('page-zoom-in')} title={say('page-zoom-in')} onClick={() => map.value?.zoomBy(1)}><Icon name="plus" /></button>
          <button aria-label={say('page-zoom-out')} title={say('page-zoom-out')} onClick={() => map.value?.zoomBy(-1)}><Icon name="minus" /></button>
        </span>
      </div>
    </>
  );
}

/** The name and one fact. */
function fact(pick: Pick): { name: string; fact: string } {
  const feature = find(pick);
  const collection = about(pick.collection);
  const name = (feature && nameOf(feature, collection)) ?? title(collection?.titles);
  const lead = feature && process.value && pick.collection === process.value.id ? leadOf(present(process.value), feature) : collection?.style.class;
  const attribute = [...(process.value?.properties ?? []), ...(collection?.attributes ?? [])].find((one) => one.name === lead);
  const value = feature && attribute ? shown(attribute, feature.properties[attribute.name]) : null;
  return { name, fact: value && attribute ? `${title(attribute.titles)} ${value}` : title(collection?.titles) };
}

function Tip() {
  if (!tip.value || layout.value === 'phone') return null;
  const { at, pick } = tip.value;
  const { name, fact: more } = fact(pick);
  const left = at.x > innerWidth - 900;
  return <div class="tip" style={{ left: `${at.x + (left ? -14 : 14)}px`, top: `${at.y + 14}px`, transform: left ? 'translateX(-100%)' : undefined }} aria-hidden="true"><strong>{name}</strong><span>{more}</span></div>;
}

function Chooser() {
  if (!chooser.value) return null;
  const { at, picks } = chooser.value;
  return (
    <div class="menu chooser" role="group" aria-label={say('page-here', { count: picks.length })} style={{ left: `${Math.max(8, Math.min(at.x, innerWidth - 260))}px`, ...(at.y > innerHeight / 2 ? { bottom: `calc(100% - ${at.y - 8}px)` } : { top: `${at.y + 8}px` }) }}>
      <div class="menu-title">{say('page-here', { count: picks.length })}</div>
      {picks.map((pick) => {
        const collection = about(pick.collection);
        const { name, fact: more } = fact(pick);
        return (
          <button key={`${pick.collection}/${pick.id}`} class="option" onMouseEnter={() => (hovered.value = pick)} onClick={() => { select(pick); chooser.value = null; }}>
            {collection && <Swatch values={swatch(collection.style)} small />}
            <span class="grow">{name}</span>
            <span class="quiet">{more}</span>
          </button>
        );
      })}
    </div>
  );
}
