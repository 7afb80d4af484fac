// One feature's card: all that is known of it, in people's words.

import { useEffect, useRef } from 'preact/hooks';
import { answer, find, layers } from '../data';
import { shown } from '../format';
import { frame } from '../geometry';
import { about, bound, nameOf } from '../showing';
import { process, select, state } from '../state';
import { present } from '../present';
import { swatch } from '../style';
import type { Attribute, Collection, Feature } from '../types';
import { covered, map } from '../ui';
import { say, title } from '../words';
import { Icon } from './icons';
import { Swatch } from './swatch';

export function Card() {
  const pick = state.value.selected;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), [pick?.collection, pick?.id]);
  if (!pick) return null;
  const feature = find(pick);
  const collection = about(pick.collection);
  const busy = !feature && (answer.value?.status === 'running' || layers.value[pick.collection]?.status === 'loading' || !layers.value[pick.collection] && !answer.value);
  const isResult = process.value?.id === pick.collection;
  return (
    <section class="card" ref={box} tabIndex={-1} aria-label={say('page-detail')} data-card={feature ? `${pick.collection}/${pick.id}` : undefined}>
      <div class="card-bar">
        <button class="action" onClick={() => select(null)}><Icon name="back" /><span>{say('page-back')}</span></button>
        {feature && <button class="action" onClick={() => locate(feature)}><Icon name="locate" /><span>{say('page-locate')}</span></button>}
      </div>
      {feature && collection ? <Body feature={feature} collection={collection} isResult={isResult} />
        : busy ? <div class="skeletons">{[0, 1, 2, 3].map((i) => <div class="skeleton row-skeleton" key={i} />)}</div>
        : <p class="empty">{say('page-missing')}</p>}
    </section>
  );
}

function locate(feature: Feature): void {
  const bounds = frame([feature.geometry]);
  if (bounds) map.value?.reveal(bounds, covered(), true);
}

function Body({ feature, collection, isResult }: { feature: Feature; collection: Collection; isResult: boolean }) {
  const style = collection.style;
  const one = style.classes?.find((each) => each.value === String(feature.properties[style.class ?? '']));
  const added = isResult ? new Set(process.value!.properties.map((each) => each.name)) : new Set<string>();
  const own = collection.attributes.filter((each) => !added.has(each.name) && each.name !== collection.name);
  const result = isResult ? process.value!.properties : [];
  return (
    <>
      <header class="card-head">
        <Swatch values={swatch(style, one)} />
        <div>
          <h2>{nameOf(feature, collection) ?? say('page-unnamed')}</h2>
          <p class="quiet">{title(collection.titles)} · {feature.id}</p>
        </div>
      </header>
      {result.length > 0 && <h3>{say('page-card-result')}</h3>}
      {result.length > 0 && <Table attributes={result} feature={feature} />}
      {result.length > 0 && <h3>{say('page-card-own')}</h3>}
      <Table attributes={own} feature={feature} />
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
  const text = shown(attribute, feature.properties[attribute.name]) ?? '';
  const tie = process.value ? present(process.value).tie : undefined;
  const layer = tie?.id === attribute.name ? bound.value[tie.layer] : undefined;
  if (!layer) return <>{text}</>;
  return <button class="link" onClick={() => select({ collection: layer, id: String(feature.properties[attribute.name]) })}>{text}</button>;
}
