// Two have changed the same thing: both versions side by side, and whose holds is chosen field by field.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Clash } from '../fields';
import { shown } from '../format';
import type { Collection, Feature, Value } from '../types';
import { say, title } from '../words';

interface ConflictProps {
  collection: Collection;
  clashes: readonly Clash[];
  /** What they changed and I did not. */
  beside: readonly string[];
  theirs: Feature;
  busy: boolean;
  refused: string | null;
  keep: (choice: Readonly<Record<string, 'mine' | 'theirs'>>) => void;
  drop: () => void;
}

export function Conflict({ collection, clashes, beside, theirs, busy, refused, keep, drop }: ConflictProps) {
  const choice = useSignal<Readonly<Record<string, 'mine' | 'theirs'>>>({});
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const attribute = (name: string): Collection['attributes'][number] | undefined => collection.attributes.find((one) => one.name === name);
  const words = (name: string, value: Value): string => {
    const of = attribute(name);
    return (of && shown(of, value)) ?? say('page-emptied');
  };
  const named = (name: string): string => title(attribute(name)?.titles) || name;
  const open = clashes.filter((one) => !choice.value[one.name]);
  return (
    <form class="form conflict" noValidate onSubmit={(event) => { event.preventDefault(); keep(choice.value); }} data-form="conflict">
      <h2 tabIndex={-1} ref={head}>{say('page-conflict')}</h2>
      <p>{clashes.length ? say('page-conflict-how') : say('page-conflict-none')}</p>
      {clashes.map((one) => (
        <fieldset key={one.name} class="clash" data-clash={one.name}>
          <legend>{named(one.name)} <span class="quiet">{say('page-conflict-was', { value: words(one.name, one.opened) })}</span></legend>
          {(['mine', 'theirs'] as const).map((side) => (
            <label key={side} class={choice.value[one.name] === side ? 'side chosen' : 'side'}>
              <input type="radio" name={`clash-${one.name}`} checked={choice.value[one.name] === side} onChange={() => (choice.value = { ...choice.value, [one.name]: side })} data-side={side} />
              <span class="quiet">{say(side === 'mine' ? 'page-conflict-mine' : 'page-conflict-theirs')}</span>
              <b>{words(one.name, one[side])}</b>
            </label>
          ))}
        </fieldset>
      ))}
      {beside.length > 0 && <p class="field-told">{say('page-conflict-beside')}{beside.map((name) => <span key={name} class="beside">{named(name)} <b>{words(name, theirs.properties[name])}</b></span>)}</p>}
      <div class="form-end">
        {refused && <p class="field-told bad" role="alert">{refused}</p>}
        <button class="button" type="submit" disabled={busy || open.length > 0}>{say('page-save')}</button>
        <button class="button plain" type="button" onClick={drop}>{say('page-conflict-drop')}</button>
      </div>
    </form>
  );
}
