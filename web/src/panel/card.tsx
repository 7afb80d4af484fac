// One feature's card: what can be recorded of it, what the analysis found, its history, and all that is known of it.

import { useEffect, useRef } from 'preact/hooks';
import { answer, layers } from '../data';
import { shown } from '../format';
import { frame } from '../geometry';
import { mayEdit, mayTouch } from '../may';
import { bound, lookUp, nameOf, subjectOf } from '../showing';
import { process, select, state } from '../state';
import { present } from '../present';
import { swatch } from '../style';
import { layer } from '../catalog';
import type { Attribute, Feature } from '../types';
import { covered, layout, map, stop, task } from '../ui';
import { say, title } from '../words';
import { Edit } from './edit';
import { History } from './history';
import { Icon } from './icons';
import { IssueHead, issueName, subjectLayer } from './issue';
import { Quick } from './quick';
import { RecordForm } from './record';
import { Swatch } from './swatch';
import { Withdraw } from './withdraw';

export function Card() {
  const pick = state.value.selected;
  const box = useRef<HTMLDivElement>(null);
  const doing = task.value?.what;
  useEffect(() => {
    task.value = null;
  }, [pick?.collection, pick?.id]);
  useEffect(() => {
    if (!doing) box.current?.focus({ preventScroll: true });
    // A form needs the room.
    if (doing && layout.value === 'phone') stop.value = 'full';
    box.current?.scrollTo({ top: 0 });
  }, [pick?.collection, pick?.id, doing]);
  if (!pick) return null;
  const found = lookUp(pick);
  const busy = !found && (answer.value?.status === 'running' || layers.value[pick.collection]?.status === 'loading' || (!layers.value[pick.collection] && !answer.value));
  const subject = found ? subjectOf(pick) : null;
  return (
    <section class="card" ref={box} tabIndex={-1} aria-label={say('page-detail')} data-card={found ? `${pick.collection}/${pick.id}` : undefined}>
      <div class="card-bar">
        {doing ? <button class="action" onClick={() => (task.value = null)}><Icon name="back" /><span>{say('page-back-to-card')}</span></button>
          : <button class="action" onClick={() => select(null)}><Icon name="back" /><span>{say('page-back')}</span></button>}
        <span class="card-actions">
          {subject && found && mayEdit(found.feature, layer(subject.collection)?.kind) && !doing && <button class="action" onClick={() => (task.value = { what: 'edit' })} data-edit><Icon name="edit" /><span>{say('page-edit')}</span></button>}
          {found && <button class="action" onClick={() => locate(found.feature)}><Icon name="locate" /><span>{say('page-locate')}</span></button>}
        </span>
      </div>
      {found ? <Body /> : busy ? <div class="skeletons">{[0, 1, 2, 3].map((i) => <div class="skeleton row-skeleton" key={i} />)}</div> : <p class="empty">{say('page-missing')}</p>}
    </section>
  );
}

function locate(feature: Feature): void {
  const bounds = frame([feature.geometry]);
  if (bounds) map.value?.reveal(bounds, covered(), true);
}

function Body() {
  const pick = state.value.selected!;
  const found = lookUp(pick);
  const subject = subjectOf(pick);
  if (!found) return null;
  const { feature, collection, result } = found;
  const own = subject ? layer(subject.collection) : undefined;
  const doing = task.value;
  if (doing && subject && own) {
    if (doing.what === 'record' && mayTouch(feature, own.kind)) return <RecordForm key={`${subject.collection}/${subject.id}`} pick={subject} feature={feature} event={doing.event} />;
    if (doing.what === 'edit' && mayEdit(feature, own.kind)) return <Edit pick={subject} collection={own} />;
    if (doing.what === 'withdraw' && mayEdit(feature, own.kind)) return <Withdraw pick={subject} feature={feature} collection={own} />;
  }
  const style = collection.style;
  const one = style.classes?.find((each) => each.value === String(feature.properties[style.class ?? '']));
  // An issue's state of affairs stands at its head.
  const extra = result && own?.kind !== 'issue' ? process.value!.properties : [];
  const added = new Set((result ? process.value!.properties : []).map((each) => each.name));
  const plain = collection.attributes.filter((each) => !added.has(each.name) && each.name !== collection.name);
  return (
    <>
      <header class="card-head">
        <Swatch values={swatch(style, one)} />
        <div>
          <h2>{own?.kind === 'issue' ? issueName(feature, own) : (nameOf(feature, collection) ?? say('page-unnamed'))}</h2>
          <p class="quiet">{title((own?.kind === 'issue' ? own : collection).titles)} · {feature.id}</p>
        </div>
      </header>
      {own?.kind === 'issue' && <IssueHead issue={feature} collection={own} />}
      {subject && own && <Quick pick={subject} feature={feature} />}
      {result && extra.length > 0 && <h3>{say('page-card-result')}</h3>}
      {result && extra.length > 0 && <Table attributes={extra} feature={feature} />}
      {!result && process.value?.id === pick.collection && <p class="quick-note">{say('page-no-longer-result')}</p>}
      {subject && own && <History key={`${subject.collection}/${subject.id}`} pick={subject} feature={feature} collection={own} />}
      <h3>{say('page-card-own')}</h3>
      <Table attributes={plain} feature={feature} />
    </>
  );
}

/** What is filled in first; what is not is named in one line, so that a gap in the data is seen but costs no room. */
function Table({ attributes, feature }: { attributes: readonly Attribute[]; feature: Feature }) {
  const filled = attributes.filter((one) => shown(one, feature.properties[one.name]) !== null);
  const empty = attributes.filter((one) => !filled.includes(one));
  return (
    <>
      <dl class="table">
        {filled.map((one) => (
          <div key={one.name}>
            <dt>{title(one.titles)}</dt>
            <dd><Value attribute={one} feature={feature} /></dd>
          </div>
        ))}
      </dl>
      {empty.length > 0 && <p class="unfilled">{say('page-no-value')}：{empty.map((one) => title(one.titles)).join(' · ')}</p>}
    </>
  );
}

/** A value; where it names another feature on the map, the way there. */
function Value({ attribute, feature }: { attribute: Attribute; feature: Feature }) {
  const value = feature.properties[attribute.name];
  const text = shown(attribute, value) ?? '';
  const tie = process.value ? present(process.value).tie : undefined;
  const to = tie?.id === attribute.name ? bound.value[tie.layer] : attribute.name === 'subject' ? (subjectLayer(feature) ?? undefined) : undefined;
  if (!to || !layer(to)) return <>{text}</>;
  return <button class="link" onClick={() => select({ collection: to, id: String(value) })}>{text}</button>;
}
