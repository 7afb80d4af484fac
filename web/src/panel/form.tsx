// Form parts: one field an attribute, of the right sort for its type.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Read } from '../fields';
import { number, typedUnit } from '../format';
import type { Attribute } from '../types';
import { say, title } from '../words';
import { Day } from './day';

export type FieldFault = Exclude<Read, { value: unknown }>;

/** Few choices stand open, many fold into a list. */
const few = 4;

export function faultWords(fault: FieldFault): string {
  switch (fault.fault) {
    case 'number':
      return say('page-fault-number');
    case 'whole':
      return say('page-fault-whole');
    case 'low':
      return say('page-fault-low', { value: number(fault.bound ?? 0) });
    case 'high':
      return say('page-fault-high', { value: number(fault.bound ?? 0) });
    case 'date':
      return say('page-fault-date');
    case 'empty':
      return say('page-fault-empty');
  }
}

interface FieldProps {
  attribute: Attribute;
  text: string;
  give: (text: string) => void;
  fault?: FieldFault | undefined;
  hint?: string | undefined;
  max?: string | undefined;
}

export function Field({ attribute, text, give, fault, hint, max }: FieldProps) {
  const id = useId();
  const label = title(attribute.titles);
  const told = fault ? faultWords(fault) : (hint ?? null);
  const more = { 'aria-invalid': fault ? true : undefined, 'aria-describedby': told ? `${id}-told` : undefined, 'data-field': attribute.name };
  const choices = attribute.type === 'bool' ? [{ value: 'true', name: say('page-yes') }, { value: 'false', name: say('page-no') }]
    : (attribute.domain ?? []).map((one) => ({ value: one.value, name: title(one) }));
  return (
    <Labelled label={label} id={id} told={told} bad={Boolean(fault)} group={choices.length > 0 && choices.length <= few}>
      {choices.length > few ? (
        <select id={id} value={text} onChange={(event) => give(event.currentTarget.value)} {...more}>
          <option value="">{say('page-unset')}</option>
          {choices.map((one) => <option key={one.value} value={one.value}>{one.name}</option>)}
        </select>
      ) : choices.length > 0 ? (
        <span class="chip-row" data-field={attribute.name}>
          {choices.map((one) => (
            <button type="button" key={one.value} class="chip" aria-pressed={text === one.value} data-choice={one.value} onClick={() => give(text === one.value ? '' : one.value)}>{one.name}</button>
          ))}
        </span>
      ) : attribute.type === 'date' ? (
        <Day id={id} value={text} max={max} give={give} bad={Boolean(fault)} told={told ? `${id}-told` : undefined} field={attribute.name} needed={attribute.required} raw />
      ) : attribute.type === 'int' || attribute.type === 'float' ? (
        <span class="with-unit">
          <input id={id} type="text" inputMode={attribute.type === 'int' ? 'numeric' : 'decimal'} value={text} onInput={(event) => give(event.currentTarget.value)} {...more} />
          <span class="unit">{typedUnit(attribute.unit)}</span>
        </span>
      ) : (
        <input id={id} type="text" value={text} onInput={(event) => give(event.currentTarget.value)} {...more} />
      )}
    </Labelled>
  );
}

interface LabelledProps {
  label: string;
  id: string;
  children: ComponentChildren;
  told?: string | null;
  bad?: boolean;
  /** Several buttons under one name instead of one control. */
  group?: boolean;
}

export function Labelled({ label, id, children, told = null, bad = false, group = false }: LabelledProps) {
  return (
    <div class="field" role={group ? 'group' : undefined} aria-label={group ? label : undefined}>
      {group ? <span class="field-label">{label}</span> : <label class="field-label" for={id}>{label}</label>}
      <div class="field-body">
        {children}
        {told && <p id={`${id}-told`} class={bad ? 'field-told bad' : 'field-told'}>{told}</p>}
      </div>
    </div>
  );
}

/** A name, with those already known at hand. */
export function Person({ label, value, give, known, field }: { label: string; value: string; give: (text: string) => void; known: readonly string[]; field: string }) {
  const id = useId();
  return (
    <Labelled label={label} id={id}>
      <input id={id} type="text" value={value} list={known.length ? `${id}-known` : undefined} autocomplete="off" data-field={field} onInput={(event) => give(event.currentTarget.value)} />
      {known.length > 0 && <datalist id={`${id}-known`}>{known.map((one) => <option key={one} value={one} />)}</datalist>}
    </Labelled>
  );
}
