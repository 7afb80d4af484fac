// How the results are spread, as bars that filter.

import { answer } from '../data';
import { number } from '../format';
import { present } from '../present';
import { attributesOf, bars, chosen } from '../results';
import type { Process } from '../types';
import { say, title, within } from '../words';

const most = 5;

/** How wide a label is, in Latin letters: a Han character takes two. */
const breadth = (text: string): number => [...text].reduce((sum, one) => sum + (one > '\u2E80' ? 2 : 1), 0);

export function Bars({ process }: { process: Process }) {
  if (!bars.value) return null;
  const { rule: how, bars: all } = bars.value;
  const shown = 'shares' in how ? all : all.slice(0, most);
  const top = Math.max(...shown.map((one) => one.count));
  const by = 'shares' in how ? how.shares : how.by;
  const { classing, overlay } = present(process);
  const colors = classing && 'colors' in classing && [classing.by, classing.alike].includes(by) ? classing.colors : null;
  const attribute = attributesOf(process).find((one) => one.name === by);
  const name = by === 'village' ? say('page-bars-village') : say('page-bars-of', { title: attribute ? within(title(attribute.titles)) : by });
  const partly = (answer.value?.features.length ?? 0) < (answer.value?.matched ?? 0);
  return (
    <div class={shown.some((one) => breadth(one.label) > 12) ? 'bars wide' : 'bars'} role="group" aria-label={name}>
      <div class="bars-title">
        {name}
        {partly && <span class="quiet">{say('page-shown-of', { shown: number(answer.value!.features.length), count: number(answer.value!.matched!) })}</span>}
      </div>
      {shown.map((one) => (
        <button key={one.key} class={chosen.value !== null && chosen.value !== one.key ? 'bar dim' : 'bar'} aria-pressed={chosen.value === one.key} disabled={one.count === 0} onClick={() => (chosen.value = chosen.value === one.key ? null : one.key)}>
          <span class="bar-label" title={one.label}>{one.label}</span>
          <svg class="bar-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width="100" height="10" rx="1" class="bar-ground" />
            <rect width={(one.count / top) * 100} height="10" rx="1" class={colors ? 'bar-fill classed' : overlay === 'reach' ? 'bar-fill reached' : 'bar-fill'} style={colors ? { fill: colors[one.key] ?? '#B8C0C5' } : undefined} />
          </svg>
          <span class="bar-count">{number(one.count)}</span>
        </button>
      ))}
      {all.length > shown.length && <div class="bars-rest">{say('page-bars-rest', { count: all.length - shown.length })}</div>}
    </div>
  );
}
