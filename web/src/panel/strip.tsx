// A road laid out straight: its sections from beginning to end, the left side above it, the right below.

import { useEffect, useRef } from 'preact/hooks';
import { answer } from '../data';
import { shown } from '../format';
import { attributesOf } from '../results';
import { state } from '../state';
import { markEvery, sectionsOf, spanOf, type Half, type Section } from '../strip';
import type { Process } from '../types';
import { hovered, layout } from '../ui';
import { lang, say, title } from '../words';
import { pickRow } from './results';

const half = 7;
const deepest = 44;
const vermillion = '#D55E00';
const amber = '#E69F00';
const blue = '#0072B2';

export function Strip({ process }: { process: Process }) {
  const box = useRef<HTMLDivElement>(null);
  const sections = sectionsOf(answer.value?.features ?? []);
  const chosen = state.value.selected?.collection === process.id ? state.value.selected.id : null;
  const at = sections.findIndex((one) => one.halves.some((side) => side?.id === chosen));
  const span = spanOf(sections);
  // A finger needs more room than a pointer; a short road fills the panel.
  const scale = Math.max(316 / Math.max(span, 1), (layout.value === 'phone' ? 14 : 9) / Math.max(100, median(sections)));
  useEffect(() => {
    const [one, place] = [sections[at], box.current];
    if (!one || !place) return;
    const x = one.from * scale;
    if (x < place.scrollLeft || x > place.scrollLeft + place.clientWidth - 20) place.scrollLeft = x - place.clientWidth / 2;
  }, [chosen, sections.length]);
  if (!sections.length) return null;
  const width = Math.ceil(span * scale) + 24;
  const most = Math.max(3, ...sections.flatMap((one) => one.halves.map((side) => (side ? side.issues + side.unsigned : 0))));
  const unit = Math.min(9, deepest / most);
  const middle = Math.round(Math.max(26, most * unit + 6)) + half;
  const height = 2 * middle + 20;
  const pointed = hovered.value?.collection === process.id ? hovered.value.id : null;
  const pick = (side: Half | null | undefined): void => {
    const feature = side && answer.value?.features.find((one) => String(one.id) === side.id);
    if (feature) pickRow(process, feature);
  };
  const walk = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const turn = event.key === 'ArrowUp' ? 0 : event.key === 'ArrowDown' ? 1 : null;
    if (!way && turn === null) return;
    event.preventDefault();
    const here = sections[at];
    const side = here?.halves[1]?.id === chosen ? 1 : 0;
    const next = sections[Math.min(sections.length - 1, Math.max(0, at < 0 ? 0 : at + way))];
    pick(next?.halves[turn ?? side]);
  };
  const attribute = attributesOf(process).find((one) => one.name === 'last_patrol');
  const tell = (one: Section, side: Half): string => {
    const last = attribute ? shown(attribute, side.lastPatrol) : null;
    return say('page-strip-section', { from: one.chainage, to: one.chainageTo, side: say(`page-strip-${side.side}`), issues: side.issues, unsigned: side.unsigned, patrol: last ?? say('page-never-patrolled') });
  };
  return (
    <div class="strip">
      <div class="bars-title"><span>{say('page-strip-sides')}</span><span>{sections[0]!.chainage}–{sections.at(-1)!.chainageTo}</span></div>
      <div class="strip-scroll" ref={box}>
        <svg width={width} height={height} role="application" tabIndex={0} aria-label={say('page-strip')} onKeyDown={walk}>
          <g transform="translate(10 0)">
            {sections.map((one) => {
              const [x, w] = [one.from * scale, Math.max(1, (one.to - one.from) * scale)];
              return (
                <g key={one.key}>
                  {one.halves.map((side, below) => side && <Side key={side.id} middle={middle} side={side} below={below === 1} x={x} w={w} unit={unit} on={side.id === chosen} pointed={side.id === pointed} />)}
                  <rect x={x} y={middle - half + 2} width={Math.max(1, w - 0.6)} height={2 * half - 4} fill={one.patrolled ? blue : vermillion} opacity={one.patrolled ? 0.72 : 1} />
                </g>
              );
            })}
            <Stones sections={sections} scale={scale} middle={middle} />
            {sections.flatMap((one) =>
              one.halves.map((side, below) => side && (
                <rect key={side.id} class="strip-hit" data-strip={side.id} x={one.from * scale} y={below ? middle : 0} width={Math.max(1, (one.to - one.from) * scale)} height={middle}
                  onClick={() => pick(side)} onMouseEnter={() => layout.value !== 'phone' && (hovered.value = { collection: process.id, id: side.id })} onMouseLeave={() => (hovered.value = null)}>
                  <title>{tell(one, side)}</title>
                </rect>
              )),
            )}
          </g>
        </svg>
      </div>
      <ul class="strip-key" aria-label={say('page-strip-key')}>
        <li><i style={{ background: vermillion }} />{title(titleOf(process, 'issues'))}</li>
        <li><i style={{ background: amber }} />{title(titleOf(process, 'unsigned'))}</li>
        <li><i class="road" style={{ background: blue, opacity: 0.72 }} />{say('page-strip-patrolled')}</li>
        <li><i class="road" style={{ background: vermillion }} />{say('page-strip-unpatrolled')}</li>
        {sections.some((one) => one.estimated) && <li><i class="dashed" />{say('page-strip-estimated')}</li>}
      </ul>
    </div>
  );
}

const titleOf = (process: Process, name: string): { zh: string; en: string } => process.properties.find((one) => one.name === name)?.titles ?? { zh: name, en: name };

function median(sections: readonly Section[]): number {
  const lengths = sections.map((one) => one.to - one.from).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? 100;
}

/** What is open on one side: bars that grow away from the road. */
function Side({ middle, side, below, x, w, unit, on, pointed }: { middle: number; side: Half; below: boolean; x: number; w: number; unit: number; on: boolean; pointed: boolean }) {
  const way = below ? 1 : -1;
  const edge = middle + way * (half + 3);
  const bar = (from: number, count: number, fill: string) => {
    const [a, b] = [edge + way * (1.5 + from * unit), edge + way * (1.5 + (from + count) * unit)];
    return count > 0 && <rect x={x + 0.5} y={Math.min(a, b)} width={Math.max(1.5, w - 1)} height={Math.abs(b - a) - 0.5} rx="1" fill={fill} />;
  };
  return (
    <>
      {(on || pointed) && <rect x={x} y={below ? middle : 2} width={w} height={middle - 2} rx="2" class={on ? 'strip-on' : 'strip-pointed'} />}
      <line x1={x} x2={x + w} y1={edge} y2={edge} class={side.estimated ? 'strip-edge guessed' : 'strip-edge'} />
      {bar(0, side.issues, vermillion)}
      {bar(side.issues, side.unsigned, amber)}
    </>
  );
}

/** Kilometre stones, and where the numbers jump. */
function Stones({ sections, scale, middle }: { sections: readonly Section[]; scale: number; middle: number }) {
  void lang.value;
  return (
    <g class="strip-stones">
      {markEvery(sections, 1000, 46 / scale).map((one) => (
        <g key={one.at} transform={`translate(${one.at * scale} 0)`}>
          <line y1={middle - half - 1} y2={middle + half + 1} />
          <text y={2 * middle + 13} text-anchor="middle">{one.text}</text>
        </g>
      ))}
      {sections.flatMap((one, i) => {
        const before = sections[i - 1];
        if (!before || before.last === one.first) return [];
        return [
          <g key={one.key} transform={`translate(${one.from * scale} 0)`} class="strip-break">
            <line y1={middle - half - 6} y2={middle + half + 6} />
            <title>{`${before.chainageTo} = ${one.chainage}`}</title>
          </g>,
        ];
      })}
    </g>
  );
}
