// What each number of sites comes to at best: one more is worth as much as the line rises, or falls.

import { useState } from 'preact/hooks';
import { curveOf, marks, shares, ticks, type Point } from '../curve';
import { answer } from '../data';
import { amount, measure, set } from '../format';
import { setValue } from '../state';
import type { Process } from '../types';
import { say } from '../words';
import { valueOf } from './controls';

const headings = {
  share: 'page-curve-share',
  mean_m: 'page-curve-mean',
  mean_min: 'page-curve-mean-drive',
  farthest_m: 'page-curve-farthest',
  farthest_min: 'page-curve-farthest-drive',
} as const;

const box = { width: 328, height: 128, left: 46, right: 14, top: 10, bottom: 24 };

export function Curve({ process }: { process: Process }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const figure = answer.value?.about?.summary?.find((one) => one.name === 'curve');
  const points = curveOf(figure?.value);
  if (points.length < 2) return null;
  const way = (['mean_m', 'mean_min', 'farthest_m', 'farthest_min'] as const).find((name) => points.every((one) => one[name] !== undefined)) ?? null;
  const unit = way?.endsWith('_min') ? 'min' : 'm';
  const valueAt = (one: Point): number => (way ? (one[way] ?? 0) : one.share);
  const told = (value: number): string => amount(measure(value, way ? unit : 'share'));
  const steps = way ? ticks(Math.max(...points.map(valueAt))) : shares(Math.min(...points.map(valueAt)));
  const [low, top] = [steps[0] ?? 0, steps[steps.length - 1] || 1];
  const last = points.length;
  const x = (n: number): number => box.left + ((n - 0.5) / last) * (box.width - box.left - box.right);
  const y = (value: number): number => box.height - box.bottom - ((value - low) / (top - low || 1)) * (box.height - box.top - box.bottom);
  const chosen = Number(valueOf(process, 'n'));
  const shown = points.find((one) => one.n === (pointed ?? chosen)) ?? points[last - 1]!;
  const say1 = (one: Point): string => (way ? say('page-curve-way', { n: one.n, way: told(valueAt(one)) }) : say('page-curve-point', { n: one.n, share: told(one.share) }));
  const line = points.map((one, i) => `${i ? 'L' : 'M'}${x(one.n).toFixed(1)} ${y(valueAt(one)).toFixed(1)}`).join('');
  const column = (box.width - box.left - box.right) / last;
  return (
    <div class="curve" role="group" aria-label={say('page-curve')} data-curve={process.id}>
      <div class="bars-title"><span>{say(headings[way ?? 'share'])}</span><strong>{say1(shown)}</strong></div>
      <svg viewBox={`0 0 ${box.width} ${box.height}`} onMouseLeave={() => setPointed(null)}>
        {steps.map((step) => (
          <g key={step}>
            <line x1={box.left} x2={box.width - box.right} y1={y(step)} y2={y(step)} class={step === low ? 'curve-axis' : 'curve-grid'} />
            <text x={box.left - 6} y={y(step) + 4} text-anchor="end">{way ? set(step, unit) : `${Math.round(step * 100)}%`}</text>
          </g>
        ))}
        {marks(last).map((n) => <text key={n} x={x(n)} y={box.height - 8} text-anchor="middle">{n}</text>)}
        <path d={line} class="curve-line" />
        {points.map((one) => (
          <g key={one.n} class="curve-point" role="button" tabIndex={0} aria-label={say1(one)} aria-pressed={one.n === chosen} data-n={one.n}
            onClick={() => setValue('n', String(one.n))} onMouseEnter={() => setPointed(one.n)} onFocus={() => setPointed(one.n)} onBlur={() => setPointed(null)}
            onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); setValue('n', String(one.n)); } }}>
            <rect x={x(one.n) - column / 2} y={box.top - 8} width={column} height={box.height - box.top - box.bottom + 8} fill="transparent" />
            <circle cx={x(one.n)} cy={y(valueAt(one))} r={one.n === chosen ? 5 : one.n === pointed ? 4.5 : 3} class={one.n === chosen ? 'chosen' : one.gap > 0 ? 'open' : ''} />
          </g>
        ))}
      </svg>
    </div>
  );
}
