// Parts of a record's form: how much, and what its photos say of day and place.

import { useId } from 'preact/hooks';
import { localDay } from '../days';
import { qualifiers, type Filled } from '../drafting';
import { amount, distance } from '../format';
import { metresApart, pointOn } from '../geometry';
import { vocabulary } from '../ledger';
import { today } from '../may';
import { unitsOf } from '../offers';
import type { EventKind, Feature } from '../types';
import { say, title } from '../words';
import { Labelled } from './form';

/** What a photo says of itself, where it is not what the form says: another day, another place. */
export function Taken({ filled, feature, give }: { filled: Filled; feature: Feature; give: (patch: Partial<Filled>) => void }) {
  const days = filled.shots.flatMap((one) => (one.evidence?.taken_at ? [localDay(one.evidence.taken_at)] : []));
  const other = days.find((one) => one !== filled.on && one <= today.value);
  const stands = pointOn(feature.geometry);
  const away = Math.max(0, ...filled.shots.flatMap((one) => (one.evidence?.position && stands ? [metresApart(one.evidence.position, stands)] : [])));
  return (
    <>
      {other && <p class="field-told">{say('page-photo-taken', { day: other })} <button type="button" class="link" onClick={() => give({ on: other })}>{say('page-photo-taken-use')}</button></p>}
      {away > far && <p class="field-told">{say('page-photo-away', { value: amount(distance(away)) })}</p>}
    </>
  );
}

/** From here on a photo is perhaps of something else, metres. */
const far = 300;

export function Amount({ event, filled, give, fault }: { event: EventKind; filled: Filled; give: (patch: Partial<Filled>) => void; fault: string | null }) {
  const id = useId();
  const units = unitsOf(event);
  if (!units.length) return null;
  const named = (value: string, all: typeof vocabulary.value.units): string => { const word = all.find((one) => one.value === value); return word ? title(word.titles) : value; };
  return (
    <Labelled label={say('page-quantity')} id={id} told={fault} bad>
      <span class="amount">
        <select aria-label={say('page-qualifier')} value={filled.qualifier} onChange={(chosen) => give({ qualifier: chosen.currentTarget.value as Filled['qualifier'] })} data-field="qualifier">
          {qualifiers.map((one) => <option key={one} value={one}>{named(one, vocabulary.value.qualifiers)}</option>)}
        </select>
        <input id={id} type="text" inputMode="decimal" value={filled.amount} aria-invalid={fault ? true : undefined} onInput={(typed) => give({ amount: typed.currentTarget.value })} data-field="quantity" />
        {units.length > 1 ? (
          <select aria-label={say('page-unit')} value={filled.unit} onChange={(chosen) => give({ unit: chosen.currentTarget.value })} data-field="unit">
            {units.map((one) => <option key={one} value={one}>{named(one, vocabulary.value.units)}</option>)}
          </select>
        ) : <span class="unit">{named(units[0]!, vocabulary.value.units)}</span>}
      </span>
    </Labelled>
  );
}
