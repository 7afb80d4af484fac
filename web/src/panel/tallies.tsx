// What was done, added up: the sentence of the report, and the table it comes from.

import { signal } from '@preact/signals';
import { layer } from '../catalog';
import { answer } from '../data';
import { number, prose } from '../format';
import { vocabulary } from '../ledger';
import { past, today } from '../may';
import { process } from '../state';
import { keyOf, lines, townwide, villagesOf, type Line } from '../tallying';
import type { Attribute } from '../types';
import { tell } from '../ui';
import { lang, say, title } from '../words';
import { valueOf } from './controls';
import { ExportLinks } from './export';
import { Icon } from './icons';

const opened = signal<string | null>(null);

function nameOf(line: Line): string {
  const of = line.layer ? layer(line.layer) : undefined;
  const kind = vocabulary.value.events.find((one) => one.id === line.event && (!of?.kind || one.kinds.includes(of.kind) || one.kinds.includes('*')));
  const domain = attribute('event')?.domain?.find((one) => one.value === line.event);
  const name = kind ? title(kind.titles) : domain ? title(domain) : line.event;
  return of ? say('page-tally-of', { title: name, text: title(of.titles) }) : name;
}

function attribute(name: string): Attribute | undefined {
  return (answer.value?.about?.attributes ?? []).find((one) => one.name === name);
}

function unitOf(line: Line): string {
  if (!line.unit) return say('page-unit-times');
  const word = vocabulary.value.units.find((one) => one.value === line.unit);
  return word ? title(word.titles) : line.unit;
}

function figure(line: Line): string {
  const value = line.quantity ?? line.count;
  const digits = number(value, Number.isInteger(value) ? 0 : 1);
  return line.hedged ? say('page-tally-hedged', { value: digits }) : digits;
}

/** 46 处（1,324 平） */
function whole(line: Line): string {
  const value = `${figure(line)} ${unitOf(line)}`;
  return line.area === null ? value : say('page-tally-area', { value, text: number(line.area) });
}

/** 自9月1日以来，清垃圾 4,309 方；拆违建 46 处。 */
export function sentenceOf(all: readonly Line[], from: string, to: string): string {
  const parts = all.map((one) => say('page-tally-part', { title: nameOf(one), value: whole(one) }));
  return say('page-tally-sentence', { day: prose(from), text: prose(to), value: parts.join(lang.value === 'zh' ? '；' : '; ') });
}

export function Tallies() {
  const now = answer.value;
  const of = process.value;
  if (!now || !of) return null;
  // In the order in which the office lists its work, not in that of letters.
  // The campaign of the villages first, then the roads, then each thing by itself.
  const rank = (one: Line): number => {
    const kinds = vocabulary.value.events.filter((each) => each.id === one.event).flatMap((each) => each.kinds);
    return kinds.includes('village') ? (kinds.includes('road') ? 1 : 0) : kinds.includes('road') ? 1 : 2;
  };
  const order = vocabulary.value.events.map((one) => one.id);
  const all = lines(now.features);
  const sums = townwide(all).sort((a, b) => rank(a) - rank(b) || order.lastIndexOf(a.event) - order.lastIndexOf(b.event));
  const told = sums.filter((one) => one.quantity !== null);
  if (!sums.length) return <div class="empty"><p class="empty-title">{say('page-tally-none')}</p><p>{say('page-tally-none-how')}</p></div>;
  const first = sums.reduce((least, one) => (one.first && one.first < least ? one.first : least), '9999');
  const sentence = sentenceOf(told.length ? told : sums, valueOf(of, 'from') || first, past.value ?? today.value);
  const copy = (): void => void navigator.clipboard?.writeText(sentence).then(() => tell(say('page-tally-copied')), () => tell(say('page-share-failed')));
  return (
    <div class="tallies">
      <blockquote class="tally-sentence" data-sentence>
        <p>{sentence}</p>
        <button class="link" onClick={copy}>{say('page-tally-copy')}</button>
      </blockquote>
      <div class="list-head"><span class="tally" role="status" data-matched={now.matched ?? 0}>{say('page-total', { count: now.matched ?? 0 })}</span><ExportLinks id={now.id} name={title(of.titles)} short /></div>
      <table class="tally-table">
        <thead><tr><th scope="col">{say('page-event')}</th><th scope="col" class="right-cell">{say('page-quantity')}</th><th scope="col" class="right-cell">{say('page-times')}</th><th scope="col">{say('page-tally-days')}</th></tr></thead>
        {sums.map((one) => <Sum key={keyOf(one)} line={one} villages={villagesOf(all, one)} />)}
      </table>
    </div>
  );
}

/** A line of the town, and beneath it, where it is opened, those of its villages. */
function Sum({ line, villages }: { line: Line; villages: readonly Line[] }) {
  const key = keyOf(line);
  const open = opened.value === key && villages.length > 0;
  const cells = (one: Line) => (
    <>
      <td class="right-cell">{figure(one)}<small>{unitOf(one)}</small>{one.area !== null && <small class="area">{number(one.area)} m²</small>}</td>
      <td class="right-cell">{number(one.count)}</td>
      <td class="quiet days-cell">{one.first.slice(5)}{one.last !== one.first && <> – {one.last.slice(5)}</>}</td>
    </>
  );
  return (
    <tbody data-tally={line.event}>
      <tr>
        <th scope="row">{villages.length ? <button class="layer-name" aria-expanded={open} onClick={() => (opened.value = open ? null : key)}><span>{nameOf(line)}</span><Icon name="chevron" size={14} /></button> : nameOf(line)}</th>
        {cells(line)}
      </tr>
      {open && villages.map((one) => <tr key={one.village} class="tally-village"><th scope="row">{one.village}</th>{cells(one)}</tr>)}
    </tbody>
  );
}
