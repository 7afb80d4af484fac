// What new sites change: served before, newly served, still not, as one bar in the colours of the map.

import { answer } from '../data';
import { number } from '../format';
import { gainOf } from '../gain';
import { say } from '../words';

export function Gain() {
  const gain = gainOf(answer.value?.about?.summary ?? []);
  if (!gain) return null;
  const percent = (part: number): string => `${number((part / gain.all) * 100, 1)}%`;
  const parts = [
    { key: 'before', word: 'page-gain-before', count: gain.before },
    { key: 'gained', word: 'page-gain-gained', count: gain.gained },
    { key: 'left', word: 'page-gain-left', count: gain.left },
  ] as const;
  let from = 0;
  return (
    <div class="gain" role="group" aria-label={say('page-gain')} data-gain={gain.gained}>
      <div class="bars-title"><span>{say('page-gain')}</span><strong>{say('page-gain-change', { from: percent(gain.before), to: percent(gain.before + gain.gained) })}</strong></div>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ key, count }) => {
          const wide = (count / gain.all) * 100;
          from += wide;
          return <rect key={key} x={from - wide} width={wide} height="10" class={`gain-${key}`} />;
        })}
      </svg>
      <ul>
        {parts.map(({ key, word, count }) => <li key={key}><i class={`gain-${key}`} /><span>{say(word)}</span><b>{number(count)}<small>{say('page-unit-household', { count })}</small></b><span class="quiet">{percent(count)}</span></li>)}
      </ul>
    </div>
  );
}
