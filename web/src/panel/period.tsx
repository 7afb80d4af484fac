// The control of a period: its kind, and a step to the one before or after; of a period of one's own, its days.

import { dayInView } from '../may';
import { monthName, prose } from '../format';
import { around, read, spell, step, units, weekOf, type Period, type Unit } from '../period';
import { setValue } from '../state';
import { say } from '../words';
import { Day } from './day';
import { Icon } from './icons';

/** What a period is called: 2026年10月, the fourth quarter of 2026. Left out, it is the month of the day in view. */
export function periodName(value: string): string {
  const period = value ? read(value) : around('month', dayInView());
  if (!period) return value;
  const { unit, first, last } = period;
  const [year, month] = [first.slice(0, 4), Number(first.slice(5, 7))];
  switch (unit) {
    case 'year': return say('page-period-year-of', { text: year });
    case 'half': return say('page-period-half-of', { text: year, value: month > 6 ? '2' : '1' });
    case 'quarter': return say('page-period-quarter-of', { text: year, value: String(Math.ceil(month / 3)) });
    case 'month': return monthName(first);
    case 'week': { const at = weekOf(first); return say('page-period-week-of', { text: String(at.year), value: String(at.week) }); }
    case 'day': return prose(first);
    case 'since': return say('page-period-since-of', { day: prose(first) });
    case 'between': return say('page-period-between-of', { day: prose(first), text: prose(last ?? first) });
  }
}

const names: Readonly<Record<Unit, string>> = {
  day: 'page-period-day', week: 'page-period-week', month: 'page-period-month', quarter: 'page-period-quarter',
  half: 'page-period-half', year: 'page-period-year', since: 'page-period-since', between: 'page-period-between',
};

export function PeriodControl({ name, label, value }: { name: string; label: string; value: string }) {
  const day = dayInView();
  const period: Period = (value ? read(value) : null) ?? around('month', day);
  // The month of the day is what is meant without a word: the address stays short.
  const usual = spell(around('month', day));
  const give = (one: Period): void => { const text = spell(one); setValue(name, text === usual ? '' : text); };
  const [before, after] = [step(period, -1), step(period, 1)];
  const ends = (from: string, to: string | null): void => {
    if (from && (to === null || to >= from)) give({ unit: period.unit, first: from, last: to });
  };
  return (
    <div class="control period" role="group" aria-label={label}>
      <span class="control-label">{label}</span>
      <span class="period-row">
        <select value={period.unit} aria-label={say('page-period-kind')} onChange={(event) => give(around(event.currentTarget.value as Unit, period.first > day ? day : (period.last ?? day) > day ? day : (period.last ?? day)))} data-input={`${name}-kind`}>
          {units.map((unit) => <option key={unit} value={unit}>{say(names[unit])}</option>)}
        </select>
        {before && after ? (
          <span class="period-step">
            <button class="icon-button" aria-label={say('page-period-before')} onClick={() => give(before)}><span class="turned-left"><Icon name="chevron" size={16} /></span></button>
            <span class="period-name" data-period={spell(period)}>{periodName(spell(period))}</span>
            <button class="icon-button" aria-label={say('page-period-after')} disabled={after.first > day} onClick={() => give(after)}><span class="turned-right"><Icon name="chevron" size={16} /></span></button>
          </span>
        ) : (
          <span class="period-days">
            <Day value={period.first} max={period.last ?? day} label={say('page-period-from')} give={(from) => ends(from, period.last)} input={`${name}-from`} needed />
            {period.last !== null && <Day value={period.last} min={period.first} label={say('page-period-to')} give={(to) => ends(period.first, to)} input={`${name}-to`} needed />}
          </span>
        )}
      </span>
    </div>
  );
}
