// The key to an answer that is coloured by classes: the same colours as on the map, in the words of the definition.

import { answer } from '../data';
import { shown, unitOf, measure, amount } from '../format';
import { present } from '../present';
import { attributesOf, rows } from '../results';
import type { Process } from '../types';
import { title } from '../words';

export function Key({ process }: { process: Process }) {
  const { classing } = present(process);
  const attribute = attributesOf(process).find((one) => one.name === classing?.by);
  if (!classing || !answer.value) return null;
  const label = attribute ? title(attribute.titles) : classing.by;
  if ('colors' in classing) {
    const there = new Set(rows.value.map((one) => String(one.properties[classing.by])));
    const classes = Object.entries(classing.colors).filter(([value]) => there.has(value));
    return (
      <div class="key" role="group" aria-label={label}>
        <span class="bars-title">{label}</span>
        <ul class="key-terms">
          {classes.map(([value, color]) => <li key={value}><i style={{ background: color }} />{(attribute && shown(attribute, value)) ?? value}</li>)}
        </ul>
      </div>
    );
  }
  const unit = attribute ? unitOf(attribute) : '';
  return (
    <div class="key" role="group" aria-label={label}>
      <span class="bars-title">{label}</span>
      <ol class="key-steps">
        {classing.ramp.map((color, i) => <li key={color}><i style={{ background: color }} /><span>{classing.steps[i] === undefined ? '' : amount(measure(classing.steps[i]!, unit))}</span></li>)}
      </ol>
    </div>
  );
}
