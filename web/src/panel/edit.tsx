// Changing a feature's attributes and place. The version that was read is named with the change, so that two who edit at
// once see each other's instead of losing one.

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Problem } from '../api';
import { changes, compare, masked, settle, textsOf, type Clash, type Texts } from '../fields';
import { change, fetchItem, undoLast } from '../ledger';
import { nameOf } from '../showing';
import type { Pick } from '../state';
import type { Collection, Feature, Value } from '../types';
import { covered, map, moving, task, tell } from '../ui';
import { say } from '../words';
import { Conflict } from './conflict';
import { Fault, sentence } from './fault';
import { Field, type FieldFault } from './form';
import { Icon } from './icons';
import { Place } from './place';

export function saidUndoable(text: string, pick: Pick): void {
  tell(text, { undo: () => void undoLast(pick).then(() => tell(say('page-undone')), (fault: unknown) => tell(sentence(fault), { bad: true })) });
}

/** Fetches the feature fresh before it is changed: what the map shows may be a minute old. */
export function Edit({ pick, collection }: { pick: Pick; collection: Collection }) {
  const opened = useSignal<{ feature: Feature; etag: string | null } | null>(null);
  const fault = useSignal<unknown>(null);
  const open = (): void => {
    fault.value = null;
    fetchItem(pick).then(({ value, etag }) => (opened.value = { feature: value, etag }), (refused: unknown) => (fault.value = refused));
  };
  useEffect(() => {
    open();
    return () => { moving.value = null; };
  }, [pick.collection, pick.id]);
  if (fault.value) return <Fault title={say('page-failed-to-open')} fault={fault.value} retry={open} />;
  if (!opened.value) return <div class="skeletons">{[0, 1, 2, 3].map((i) => <div class="skeleton row-skeleton" key={i} />)}</div>;
  return <Form pick={pick} collection={collection} feature={opened.value.feature} etag={opened.value.etag} />;
}

function point(feature: Feature): [number, number] | null {
  if (feature.geometry?.type !== 'Point') return null;
  const [lon = 0, lat = 0] = feature.geometry.coordinates;
  return [lon, lat];
}

const same = (a: readonly number[] | null, b: readonly number[] | null): boolean => a?.[0] === b?.[0] && a?.[1] === b?.[1];

function Form({ pick, collection, feature, etag }: { pick: Pick; collection: Collection; feature: Feature; etag: string | null }) {
  const attributes = collection.attributes;
  const opened = textsOf(attributes, feature.properties);
  const texts = useSignal<Texts>(opened);
  const faults = useSignal<Readonly<Record<string, FieldFault>>>({});
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const clash = useSignal<{ clashes: Clash[]; beside: string[]; mine: Record<string, Value>; etag: string | null; current: Feature } | null>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const start = point(feature);
  // Before the form can be typed into: what is typed first would be taken back by an effect that runs after the paint.
  useLayoutEffect(() => { moving.value = start; }, []);
  useEffect(() => {
    head.current?.focus();
    // A pin is set to the metre: not from afar.
    if (start) map.value?.reveal([start[0], start[1], start[0], start[1]], covered(), true);
  }, []);
  const write = async (properties: Record<string, Value>, version: string | null, before: Feature): Promise<void> => {
    const moved = start && moving.value && !same(start, moving.value);
    if (!moved && !Object.keys(properties).length) return void (task.value = null);
    busy.value = true;
    refused.value = null;
    try {
      await change(pick, { ...(Object.keys(properties).length ? { properties } : {}), ...(moved ? { geometry: { type: 'Point', coordinates: [...moving.value!] } } : {}) }, version);
      saidUndoable(say('page-saved', { text: nameOf(feature, collection) ?? pick.id }), pick);
      task.value = null;
    } catch (fault) {
      const current = fault instanceof Problem && fault.status === 412 ? (fault.body.current as Feature | undefined) : undefined;
      if (current) clash.value = { ...compare(before.properties, properties, current.properties), mine: properties, etag: String((fault as Problem).body.etag ?? '') || null, current };
      else refused.value = sentence(fault);
    }
    busy.value = false;
  };
  if (clash.value) {
    const { clashes, beside, mine, etag: version, current } = clash.value;
    return (
      <Conflict collection={collection} clashes={clashes} beside={beside} theirs={current} busy={busy.value} refused={refused.value}
        keep={(choice) => void write(settle(mine, clashes, choice), version, current)} drop={() => (task.value = null)} />
    );
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    const reading = changes(attributes, opened, texts.value);
    faults.value = reading.faults;
    if (!Object.keys(reading.faults).length) void write(reading.values, etag, feature);
  };
  return (
    <form class="form" noValidate onSubmit={submit} data-form="edit">
      <h2 tabIndex={-1} ref={head}>{say('page-edit-of', { text: nameOf(feature, collection) ?? pick.id })}</h2>
      {attributes.map((one) => {
        // What the server masks cannot be seen: it is replaced as a whole or left.
        const hidden = masked(one, feature.properties[one.name]);
        const text = texts.value[one.name] ?? '';
        return (
          <Field key={one.name} attribute={one} text={hidden && text === opened[one.name] ? '' : text} fault={faults.value[one.name]} hint={hidden ? say('page-masked', { text: String(feature.properties[one.name]) }) : undefined}
            give={(given) => (texts.value = { ...texts.value, [one.name]: hidden && given === '' ? opened[one.name]! : given })} />
        );
      })}
      {start && <Place start={start} />}
      <div class="form-end">
        {refused.value && <p class="field-told bad" role="alert">{refused.value}</p>}
        <button class="button" type="submit" disabled={busy.value} aria-busy={busy.value}>{say('page-save')}</button>
        <button class="button plain" type="button" onClick={() => (task.value = null)}>{say('page-cancel')}</button>
        <button class="button plain grave" type="button" onClick={() => (task.value = { what: 'withdraw' })} data-withdraw><Icon name="minus" size={16} />{say('page-withdraw')}</button>
      </div>
    </form>
  );
}
