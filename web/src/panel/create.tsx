// A new feature: its place is pointed at on the map, its attributes are filled in beside. Problems first.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { catalog, layer } from '../catalog';
import { knownPeople } from '../chronicle';
import type { Shot } from '../drafting';
import { changes, type Texts } from '../fields';
import { create, record } from '../ledger';
import { mayRecord, past, today } from '../may';
import { villageAt } from '../results';
import { select } from '../state';
import type { Collection, Value } from '../types';
import { covered, drawerOpen, layerSheet, layout, map, placing, stop, tell } from '../ui';
import { say, title } from '../words';
import { saidUndoable } from './edit';
import { sentence } from './fault';
import { Field, Labelled, Person, type FieldFault } from './form';
import { Icon } from './icons';
import { dropping, Shots } from './photos';
import { locatable, whereAmI } from './position';

export function placeAt(at: [number, number]): void {
  if (placing.value) placing.value = { ...placing.value, at };
}

/** Layers whose features are points: a tap is their whole shape. */
export function pointLayers(): Collection[] {
  return (catalog.value?.layers ?? []).filter((one) => one.style.draw === 'badge' && one.group !== 'base');
}

export function startPlacing(id: string): void {
  select(null);
  layerSheet.value = false;
  drawerOpen.value = false;
  if (layout.value === 'phone') stop.value = 'peek';
  placing.value = { layer: id, at: null };
}

/** The button on the map. */
export function ReportButton() {
  if (!mayRecord.value || past.value) return null;
  return <button class="report" aria-label={say('page-report')} title={say('page-report')} aria-pressed={placing.value !== null} onClick={() => (placing.value ? (placing.value = null) : startPlacing('issues'))} data-report><Icon name="pin" /></button>;
}

/** Over the map, until a place is chosen. */
export function PlacingBanner() {
  if (!placing.value || placing.value.at) return null;
  const here = (): void => void whereAmI().then((at) => { placeAt(at); map.value?.reveal([at[0], at[1], at[0], at[1]], covered(), true); }, () => tell(say('page-position-failed'), { bad: true }));
  return (
    <div class="over-banner" role="status" data-placing>
      <strong>{say('page-place-where', { title: title((layer(placing.value.layer) ?? firstIssues).titles) })}</strong>
      <button class="link" onClick={() => map.value && placeAt(map.value.middle(covered()))} data-middle>{say('page-place-middle')}</button>
      {locatable() && <button class="link" onClick={here}>{say('page-place-here')}</button>}
      <button class="link" onClick={() => (placing.value = null)}>{say('page-cancel')}</button>
    </div>
  );
}

/** Not asked of who reports: what the office decides, or the ledger keeps by itself. */
const asked: Readonly<Record<string, readonly string[]>> = { issue: ['type', 'note', 'triage'] };

/** Until the first is reported the server keeps no layer of issues. */
const firstIssues: Collection = {
  id: 'issues', title: '问题', titles: { zh: '问题', en: 'Issues' }, kind: 'issue', name: 'number', style: { draw: 'badge' },
  attributes: [{ name: 'note', type: 'text', titles: { zh: '说明', en: 'Note' } }],
};

export function Create() {
  const now = placing.value;
  const into = now?.at ? (layer(now.layer) ?? (now.layer === firstIssues.id ? firstIssues : undefined)) : undefined;
  if (!now?.at || !into) return null;
  return <Form key={into.id} into={into} at={now.at} />;
}

function Form({ into, at }: { into: Collection; at: readonly [number, number] }) {
  const name = useId();
  const texts = useSignal<Texts>({});
  const shots = useSignal<readonly Shot[]>([]);
  const by = useSignal('');
  const faults = useSignal<Readonly<Record<string, FieldFault>>>({});
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const head = useRef<HTMLHeadingElement>(null);
  const issue = into.kind === 'issue';
  useEffect(() => {
    head.current?.focus();
    if (layout.value === 'phone') stop.value = 'full';
  }, []);
  const village = villageAt(at);
  const wanted = asked[into.kind ?? ''] ?? into.attributes.map((one) => one.name);
  const attributes = wanted.flatMap((name) => into.attributes.find((one) => one.name === name) ?? []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const reading = changes(attributes, {}, texts.value);
    faults.value = reading.faults;
    if (Object.keys(reading.faults).length) return;
    const has = (name: string): boolean => into.attributes.some((one) => one.name === name);
    const filled: Record<string, Value> = {
      ...(has('village') && village ? { village } : {}),
      ...(issue ? { status: 'found', found_on: today.value } : {}),
      ...reading.values,
    };
    busy.value = true;
    refused.value = null;
    try {
      const id = await create(into.id, { type: 'Point', coordinates: [...at] }, filled);
      const pick = { collection: into.id, id };
      const evidence = shots.value.flatMap((one) => (one.evidence ? [one.evidence.id] : []));
      if (evidence.length || by.value.trim()) await record(pick, { event: 'noted', ...(by.value.trim() ? { by: by.value.trim() } : {}), evidence }).catch((fault: unknown) => tell(sentence(fault), { bad: true }));
      placing.value = null;
      select(pick);
      saidUndoable(say('page-created', { title: title(into.titles) }), pick);
    } catch (fault) {
      refused.value = sentence(fault);
    }
    busy.value = false;
  };
  const waiting = shots.value.some((one) => !one.evidence && !one.fault);
  return (
    <section class="card" aria-label={say('page-report')} data-create={into.id}>
      <div class="card-bar"><button class="action" onClick={() => (placing.value = null)}><Icon name="back" /><span>{say('page-cancel')}</span></button></div>
      <form class="form" noValidate onSubmit={(event) => void submit(event)} {...dropping((step) => (shots.value = step(shots.value)))} data-form="create">
        <h2 tabIndex={-1} ref={head}>{issue ? say('page-report') : say('page-create', { title: title(into.titles) })}</h2>
        <p class="quiet">{[village, `${at[0].toFixed(5)}, ${at[1].toFixed(5)}`].filter(Boolean).join(' · ')} · {say('page-place-drag')}</p>
        <Labelled label={say('page-layer')} id={`${name}-layer`}>
          <select id={`${name}-layer`} value={into.id} onChange={(event) => (placing.value = { layer: event.currentTarget.value, at: [at[0], at[1]] })} data-field="layer">
            {[...pointLayers(), ...(layer(firstIssues.id) ? [] : [firstIssues])].map((one) => <option key={one.id} value={one.id}>{title(one.titles)}</option>)}
          </select>
        </Labelled>
        {attributes.map((one) => one.name === 'note' ? (
          <Labelled key={one.name} label={title(one.titles)} id={`${name}-note`}>
            <textarea id={`${name}-note`} rows={2} value={texts.value.note ?? ''} onInput={(event) => (texts.value = { ...texts.value, note: event.currentTarget.value })} data-field="note" />
          </Labelled>
        ) : <Field key={one.name} attribute={one} text={texts.value[one.name] ?? ''} fault={faults.value[one.name]} give={(text) => (texts.value = { ...texts.value, [one.name]: text })} />)}
        <div class="field" role="group" aria-label={say('page-photos')}>
          <span class="field-label">{say('page-photos')}</span>
          <div class="field-body"><Shots shots={shots.value} told={(step) => (shots.value = step(shots.value))} /></div>
        </div>
        <Person label={say('page-reporter')} value={by.value} give={(text) => (by.value = text)} known={knownPeople.value} field="by" />
        <div class="form-end">
          {refused.value && <p class="field-told bad" role="alert">{refused.value}</p>}
          <button class="button" type="submit" disabled={busy.value || waiting}>{waiting ? say('page-photo-sending') : issue ? say('page-report-do') : say('page-save')}</button>
          <button class="button plain" type="button" onClick={() => (placing.value = null)}>{say('page-cancel')}</button>
        </div>
      </form>
    </section>
  );
}
