// The history of a feature as a time line: what happened when, by whom, how much, and when it was written down.

import { useSignal } from '@preact/signals';
import { chronicle, rereadChronicle } from '../chronicle';
import { localDay, short } from '../days';
import { prose, shown } from '../format';
import { undo, vocabulary, written } from '../ledger';
import { mayTouch, today } from '../may';
import { state, type Pick } from '../state';
import { beforeAfter, photos, story, type Chapter, type Photo } from '../story';
import type { Attribute, Collection, Feature, Recorded, Value } from '../types';
import { tell } from '../ui';
import { say, title } from '../words';
import { Fault, sentence } from './fault';
import { BeforeAfter, Thumbnails } from './photos';

const few = 3;

export function History({ pick, feature, collection }: { pick: Pick; feature: Feature; collection: Collection }) {
  const all = useSignal(false);
  const now = chronicle.value;
  if (!now || now.of !== `${pick.collection}/${pick.id}`) return null;
  const chapters = story(now.events, state.value.day);
  const open = all.value || chapters.findIndex((one) => one.event.id === written.value) >= few;
  const shownOnes = open ? chapters : chapters.slice(0, few);
  const pictures = photos(chapters);
  const pair = beforeAfter(pictures);
  const may = mayTouch(feature, collection.kind);
  return (
    <section class="history" aria-label={say('page-history')} data-history={chapters.length}>
      <h3>{say('page-history')}{chapters.length > 0 && <span class="count">{chapters.length}</span>}</h3>
      {now.status === 'failed' ? <Fault title={say('page-history-failed')} fault={now.fault} retry={rereadChronicle} />
        : now.status === 'loading' && !chapters.length ? <div class="skeletons"><div class="skeleton row-skeleton" /></div>
        : !chapters.length ? <p class="history-none">{say('page-history-none')}</p>
        : (
          <>
            {pair && <BeforeAfter all={pictures} pair={pair} />}
            <ol class="story">
              {shownOnes.map((one) => <Entry key={one.event.id} chapter={one} pick={pick} collection={collection} pictures={pictures} may={may} />)}
            </ol>
            {chapters.length > shownOnes.length && <button class="link story-more" onClick={() => (all.value = true)}>{say('page-history-all', { count: chapters.length })}</button>}
          </>
        )}
    </section>
  );
}

function Entry({ chapter, pick, collection, pictures, may }: { chapter: Chapter; pick: Pick; collection: Collection; pictures: readonly Photo[]; may: boolean }) {
  const { event, undoneBy, later } = chapter;
  const busy = useSignal(false);
  const own = pictures.filter((one) => one.event.id === event.id);
  const take = (which: Recorded, done: string): void => {
    busy.value = true;
    undo(pick, which.id)
      .then((written) => tell(say(done), { undo: () => void undo(pick, written.id).catch((fault: unknown) => tell(sentence(fault), { bad: true })) }), (fault: unknown) => tell(sentence(fault), { bad: true }))
      .finally(() => (busy.value = false));
  };
  return (
    <li class={`chapter${event.undone ? ' undone' : ''}${later ? ' later' : ''}`} data-chapter={event.id}>
      <time class="chapter-day" dateTime={event.on} title={prose(event.on)}>{short(event.on, today.value)}</time>
      <div class="chapter-body">
        <p class="chapter-head">
          {event.undone ? <s>{title(event.titles)}</s> : <strong>{title(event.titles)}</strong>}
          {event.quantity && <span class="chapter-amount">{quantityText(event)}</span>}
          {event.by && <span class="quiet">{event.by}</span>}
          {may && !event.undone && <button class="link" disabled={busy.value} aria-label={say('page-undo-this', { title: title(event.titles), day: prose(event.on) })} onClick={() => take(event, 'page-undone')} data-undo={event.id}>{say('page-undo')}</button>}
          {may && undoneBy && <button class="link" disabled={busy.value} aria-label={say('page-restore-this', { title: title(event.titles), day: prose(event.on) })} onClick={() => take(undoneBy, 'page-restored')} data-restore={event.id}>{say('page-restore')}</button>}
        </p>
        <Details event={event} collection={collection} />
        {event.note && <p class="chapter-note">{event.note}</p>}
        {own.length > 0 && <Thumbnails all={pictures} shown={own} />}
        <p class="chapter-foot">
          <span>{event.late ? say('page-late', { day: short(event.on, today.value), text: short(localDay(event.recorded_at), today.value) }) : later ? say('page-after-day') : ''}{event.author !== 'local' && event.author !== event.by ? ` ${say('page-author', { text: event.author })}` : ''}</span>
          {event.undone && <span>{undoneBy ? say('page-undone-on', { day: short(localDay(undoneBy.recorded_at), today.value) }) : say('page-undone')}</span>}
        </p>
      </div>
    </li>
  );
}

/** 约3 方: in the words of the page, which may not be those of the server's text. */
export function quantityText(event: Recorded): string {
  const quantity = event.quantity!;
  const word = vocabulary.value.units.find((one) => one.value === quantity.unit);
  const value = quantity.value.toLocaleString('zh-CN', { maximumFractionDigits: 2 });
  return say('page-amount', { value: `${value} ${word ? title(word.titles) : quantity.unit}`, kind: quantity.qualifier });
}

/** The event's own fields, and what it changed where that is not plain from its name. */
function Details({ event, collection }: { event: Recorded; collection: Collection }) {
  const kind = vocabulary.value.events.find((one) => one.id === event.event && (one.kinds.includes('*') || one.kinds.includes(collection.kind ?? '')));
  const own: [Attribute | undefined, string, Value][] = Object.entries(event.fields).map(([name, value]) => [kind?.fields?.find((one) => one.name === name) ?? collection.attributes.find((one) => one.name === name), name, value]);
  const edited = event.event === 'changed' || event.event === 'imported';
  const changed: typeof own = edited ? Object.entries(event.changes).map(([name, value]) => [collection.attributes.find((one) => one.name === name), name, value]) : [];
  const told = [...own, ...changed].flatMap(([attribute, name, value]) => {
    const text = attribute ? (shown(attribute, value) ?? say('page-emptied')) : value === null || value === undefined ? null : String(value);
    return text === null ? [] : [{ name: attribute ? title(attribute.titles) : name, text }];
  });
  if (event.moved && event.event !== 'created') told.push({ name: say('page-place'), text: say('page-moved') });
  if (!told.length) return null;
  return <p class="chapter-details">{told.map((one) => <span key={one.name}>{one.name} <b>{one.text}</b></span>)}</p>;
}
