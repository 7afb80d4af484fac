// The form of an analysis, read off its definition: a slider for a number, chips for codes, a list for layers.

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { spellValue } from '../address';
import { catalog } from '../catalog';
import { layers } from '../data';
import { countable } from '../fields';
import { grouped } from '../forces';
import { typedUnit } from '../format';
import { present } from '../present';
import { setValue, state } from '../state';
import type { Input, Process } from '../types';
import { aiming, layout, stop } from '../ui';
import { lang, say, title } from '../words';
import { Day } from './day';
import { PeriodControl, periodName } from './period';

export function valueOf(process: Process, name: string): string {
  return state.value.values[process.id]?.[name] ?? spellValue(process.inputs[name]?.schema.default);
}

/** Whether a parameter means anything beside what the others are set to. */
export function means(process: Process, name: string): boolean {
  const only = process.inputs[name]?.['x-only'];
  return !only || only.values.includes(valueOf(process, only.under));
}

/** What most askers turn stands open; single-choice layers and free text are folded away. */
function central(input: Input): boolean {
  const { type, enum: codes, format } = input.schema;
  if (format === 'date' || input['x-input'] === 'point' || input['x-input'] === 'period') return true;
  // Any layer of the map may be meant: a long list waits to be opened.
  if (input['x-input'] === 'layers' && (input.schema.items?.enum?.length ?? 0) > 6) return false;
  if (type === 'number' || type === 'integer' || type === 'array') return true;
  return (codes?.length ?? 0) > 1;
}

export function Controls({ process }: { process: Process }) {
  const all = Object.entries(process.inputs).filter(([name]) => means(process, name));
  const minor = present(process).minor ?? [];
  const isOpen = ([name, input]: [string, Input]): boolean => central(input) && !minor.includes(name);
  const open = all.filter(isOpen);
  const more = all.filter((one) => !isOpen(one));
  const row = ([name, input]: [string, Input]) => <Control key={name} process={process} name={name} input={input} />;
  return (
    <div class="controls">
      {open.map(row)}
      {more.length > 0 && (
        <details>
          <summary>{say('page-more-controls')}</summary>
          <div class="controls">{more.map(row)}</div>
        </details>
      )}
    </div>
  );
}

function Control({ process, name, input }: { process: Process; name: string; input: Input }) {
  const label = input.titles ? title(input.titles) : (input.title ?? name);
  const value = valueOf(process, name);
  const { schema } = input;
  if (schema.type === 'number' || schema.type === 'integer') return <Slider name={name} label={label} input={input} value={value} />;
  if (schema.type === 'array') return <Chips name={name} label={label} input={input} value={value} />;
  if (schema.type === 'boolean') {
    return (
      <label class="control tick">
        <input type="checkbox" checked={value === 'true'} onChange={(event) => setValue(name, String(event.currentTarget.checked))} />
        {label}
      </label>
    );
  }
  if (schema.enum) {
    return (
      <label class="control">
        <span class="control-label"><Label text={label} /></span>
        <select value={value} onChange={(event) => setValue(name, event.currentTarget.value)} data-input={name}>
          {schema.enum.map((one) => <option key={one} value={one}>{choiceName(input, one)}</option>)}
        </select>
      </label>
    );
  }
  if (input['x-input'] === 'period') return <PeriodControl name={name} label={label} value={value} />;
  if (input['x-input'] === 'point') return <Place name={name} label={label} value={value} />;
  if (schema.format === 'date') return <DayControl name={name} label={label} value={value} />;
  const give = (event: { currentTarget: HTMLInputElement }): void => setValue(name, event.currentTarget.value);
  if (input['x-input'] === 'attribute') return <Measured process={process} name={name} label={label} input={input} value={value} />;
  return (
    <label class="control">
      <span class="control-label"><Label text={label} /></span>
      {input['x-input'] === 'feature' ? <NamedFeature name={name} input={input} value={value} give={give} /> : <input type="text" value={value} placeholder={say('page-any')} onChange={give} data-input={name} />}
    </label>
  );
}

function DayControl({ name, label, value }: { name: string; label: string; value: string }) {
  const id = useId();
  return (
    <div class="control">
      <label class="control-label" for={id}><Label text={label} /></label>
      <Day id={id} value={value} give={(day) => setValue(name, day)} input={name} />
    </div>
  );
}

/** An attribute that counts, of the layer that another parameter names; what an address spells stays to be seen. */
function Measured({ process, name, label, input, value }: { process: Process; name: string; label: string; input: Input; value: string }) {
  const of = catalog.value?.layers.find((one) => one.id === valueOf(process, input['x-on'] ?? ''));
  const offered = countable(of?.attributes ?? []);
  return (
    <label class="control">
      <span class="control-label"><Label text={label} /></span>
      <select value={value} onChange={(event) => setValue(name, event.currentTarget.value)} data-input={name}>
        <option value="">{say('page-weigh-none')}</option>
        {offered.map((one) => <option key={one.name} value={one.name}>{title(one.titles) + (one.unit && typedUnit(one.unit) ? say('page-weigh-unit', { unit: typedUnit(one.unit) }) : '')}</option>)}
        {value && !offered.some((one) => one.name === value) && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

/** A feature by one of its names; those of the loaded layer are at hand. */
function NamedFeature({ name, input, value, give }: { name: string; input: Input; value: string; give: (event: { currentTarget: HTMLInputElement }) => void }) {
  const of = catalog.value?.layers.find((one) => one.kind === input['x-kind']);
  const by = input['x-by'] ?? [];
  const known = new Set((of ? (layers.value[of.id]?.features ?? []) : []).flatMap((one) => by.flatMap((attribute) => { const text = one.properties[attribute]; return typeof text === 'string' && text ? [text] : []; })));
  return (
    <>
      <input type="text" value={value} placeholder={say('page-usual')} list={`known-${name}`} onChange={give} data-input={name} />
      <datalist id={`known-${name}`}>{[...known].slice(0, 300).map((one) => <option key={one} value={one} />)}</datalist>
    </>
  );
}

export function choiceName(input: Input, value: string): string {
  if (input['x-input'] === 'period') return periodName(value);
  const named = input['x-titles']?.[value];
  if (named) return title(named);
  const layer = input['x-input']?.startsWith('layer') ? catalog.value?.layers.find((one) => one.id === value) : undefined;
  return layer ? title(layer.titles) : value || say('page-any');
}

/** What stands in brackets is not broken in two where a line can begin with it. */
function Label({ text }: { text: string }) {
  const [, name, note] = /^(.+?)\s?([（(].*[）)])$/.exec(text) ?? [];
  return name && note ? <>{name} <span class="label-note">{note}</span></> : <>{text}</>;
}

/** A place: typed, or pointed at on the map. */
function Place({ name, label, value }: { name: string; label: string; value: string }) {
  const aim = aiming.value === name;
  return (
    <div class="control place" role="group" aria-label={label}>
      <span class="control-label"><Label text={label} /></span>
      <span class="place-row">
        <input type="text" value={value} placeholder="117.42,39.61" aria-label={label} spellcheck={false} onChange={(event) => setValue(name, event.currentTarget.value.replace(/[，\s]+/g, ',').trim())} data-input={name} />
        <button class="button plain" aria-pressed={aim} onClick={() => { aiming.value = aim ? null : name; if (!aim && layout.value === 'phone') stop.value = 'peek'; }} data-aim={name}>{say(aim ? 'page-cancel' : 'page-point-at')}</button>
      </span>
    </div>
  );
}

/** A slider for the usual range, a number entry for all that is allowed. */
function Slider({ name, label, input, value }: { name: string; label: string; input: Input; value: string }) {
  const { minimum, maximum, type } = input.schema;
  const scale = input['x-control'] ?? { min: minimum ?? 0, max: maximum ?? 100, step: type === 'integer' ? 1 : ((maximum ?? 100) - (minimum ?? 0)) / 100 };
  const [held, hold] = useState(value);
  const timer = useRef(0);
  useEffect(() => hold(value), [value]);
  const give = (text: string, wait: number): void => {
    hold(text);
    clearTimeout(timer.current);
    const number = Number(text);
    if (text === '' || !Number.isFinite(number)) return;
    const inside = Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, type === 'integer' ? Math.round(number) : number));
    timer.current = window.setTimeout(() => { hold(String(inside)); setValue(name, String(inside)); }, wait);
  };
  const at = Math.min(scale.max, Math.max(scale.min, Number(held) || 0));
  const share = ((at - scale.min) / (scale.max - scale.min || 1)) * 100;
  const unit = input['x-unit'] ?? '';
  return (
    <div class="control slider">
      <span class="control-label" id={`label-${name}`}><Label text={label} /></span>
      <input type="range" min={scale.min} max={scale.max} step={scale.step} value={at} aria-labelledby={`label-${name}`} style={{ '--share': `${share}%` }} onInput={(event) => give(event.currentTarget.value, 220)} data-slider={name} />
      <span class="entry">
        <input type="number" min={minimum} max={maximum} step="any" value={held} aria-label={label} onInput={(event) => give(event.currentTarget.value, 700)} data-input={name} />
        <span class="unit">{typedUnit(unit)}</span>
      </span>
    </div>
  );
}

/** So many stand beside each other as chips; more are ticked off in a list that folds away. */
const fewChips = 6;

function Chips({ name, label, input, value }: { name: string; label: string; input: Input; value: string }) {
  if ((input.schema.items?.enum?.length ?? 0) > fewChips) return <Ticks name={name} label={label} input={input} value={value} />;
  const chosen = value.split(',').filter(Boolean);
  // Where none is meant by default, none may be left; where one is, the last one stays.
  const needed = spellValue(input.schema.default) !== '';
  return (
    <div class="control chips" role="group" aria-label={label}>
      <span class="control-label"><Label text={label} /></span>
      <span class="chip-row">
        {(input.schema.items?.enum ?? []).map((one) => {
          const on = chosen.includes(one);
          return (
            <button key={one} class="chip" aria-pressed={on} disabled={needed && on && chosen.length === 1} data-chip={one}
              onClick={() => setValue(name, (on ? chosen.filter((each) => each !== one) : [...chosen, one]).join(','))}>
              {choiceName(input, one)}
            </button>
          );
        })}
      </span>
    </div>
  );
}

/** The chosen ones in two lines; opened, all of them to tick, under what binds how strongly where that is known. */
function Ticks({ name, label, input, value }: { name: string; label: string; input: Input; value: string }) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const shut = (event: Event): void => {
      const [details, target] = [box.current, event.target];
      if (!details?.open || (target instanceof Node && details.contains(target) && !(event instanceof KeyboardEvent))) return;
      if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
      if (event instanceof KeyboardEvent) { event.stopPropagation(); details.querySelector('summary')?.focus(); }
      details.open = false;
    };
    document.addEventListener('pointerdown', shut);
    box.current?.addEventListener('keydown', shut);
    return () => document.removeEventListener('pointerdown', shut);
  }, []);
  const picked = value.split(',').filter(Boolean);
  const needed = spellValue(input.schema.default) !== '';
  const all = input.schema.items?.enum ?? [];
  const groups = grouped(all, input['x-forces']);
  return (
    <div class="control ticks">
      <span class="control-label"><Label text={label} /></span>
      <details class="ticks-box" ref={box} data-ticks={name}>
        <summary aria-label={`${label}: ${picked.map((one) => choiceName(input, one)).join(', ')}`}><span>{picked.map((one) => choiceName(input, one)).join(lang.value === 'zh' ? '、' : ', ') || say('page-any')}</span></summary>
        <div class="ticks-list">
          {groups.map(({ force, of }) => (
            <fieldset key={force ?? ''} class={force === 'suspended' ? 'suspended' : undefined}>
              {groups.length > 1 && <legend>{say(force ? `option-${force}` : 'page-ticks-plain')}</legend>}
              {of.map((one) => {
                const on = picked.includes(one);
                return (
                  <label key={one}>
                    <input type="checkbox" checked={on} disabled={needed && on && picked.length === 1} data-chip={one}
                      onChange={() => setValue(name, (on ? picked.filter((each) => each !== one) : [...picked, one]).join(','))} />
                    {choiceName(input, one)}
                  </label>
                );
              })}
            </fieldset>
          ))}
        </div>
      </details>
    </div>
  );
}
