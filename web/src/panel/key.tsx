// The key to an answer that is coloured by classes: the same colours as on the map, in the words of the definition.

import { answer, beneath } from '../data';
import { amount, distance, measure, number, shown, unitOf } from '../format';
import { present, reachOf, type Classing } from '../present';
import { attributesOf, bars, rows } from '../results';
import { largestHoles } from '../scene';
import { swatch } from '../style';
import type { Process } from '../types';
import { say, title } from '../words';
import { Swatch } from './swatch';

export function Key({ process }: { process: Process }) {
  const how = present(process);
  const { classing, hole } = how;
  if (!answer.value) return null;
  const reach = reachOf(how, answer.value.about?.parameters);
  const circles = reach && rows.value.some((one) => one.geometry?.type === 'Point');
  const before = how.beneath && beneath.value?.features.length;
  if (circles || before) {
    return (
      <div class="key" data-key="sites">
        <ul class="key-terms">
          {before ? <li><i class="key-served plain" />{say('page-key-served')}</li> : null}
          {circles && <li><svg width="18" height="18" aria-hidden="true"><circle cx="9" cy="9" r="7.5" class="key-reach" /></svg>{say('page-key-reach', { value: amount(distance(reach)) })}</li>}
        </ul>
      </div>
    );
  }
  if (how.nameless && answer.value.about?.parameters?.[how.nameless.parameter] === how.nameless.value) return <p class="key quiet" data-key="nameless">{say('page-key-nameless')}</p>;
  if (how.overlay === 'reach' && rows.value.length) {
    const roads = rows.value[0]?.geometry?.type.endsWith('LineString');
    return <div class="key" data-key="reach"><ul class="key-terms"><li><i class={roads ? 'key-served road' : 'key-served'} />{say(roads ? 'page-key-reached-roads' : 'page-key-reached')}</li></ul></div>;
  }
  if (hole && rows.value.some((one) => typeof one.properties[hole.radius] === 'number' && one.geometry?.type.endsWith('Polygon'))) {
    return (
      <div class="key">
        <ul class="key-terms">
          <li><Swatch values={{ draw: 'fill', fill: '#D55E00', outline: '#D55E00', width: 1, opacity: 1, hatch: false, badge: null }} gap small />{say('page-key-gap')}</li>
          <li><svg width="18" height="18" aria-hidden="true"><circle cx="9" cy="9" r="7.5" class="key-hole" /><circle cx="9" cy="9" r="1.8" class="key-middle" /></svg>{say('page-key-holes', { count: Math.min(largestHoles, rows.value.length) })}</li>
        </ul>
      </div>
    );
  }
  if (how.overlay === 'stretch') {
    const terms = [['#D55E00', say('page-strip-unpatrolled')], ['#0072B2', say('page-strip-patrolled')]] as const;
    return rows.value.length ? <div class="key"><ul class="key-terms">{terms.map(([color, name]) => <li key={color}><i style={{ background: color }} />{name}</li>)}</ul></div> : null;
  }
  if (how.overlay === 'subject' && !(bars.value && 'by' in bars.value.rule && bars.value.rule.by === answer.value.about?.style.class)) return <Classes process={process} />;
  const attribute = attributesOf(process).find((one) => one.name === classing?.by);
  if (!classing) return null;
  const label = attribute ? title(attribute.titles) : classing.by;
  if ('colors' in classing) {
    const there = new Set(rows.value.map((one) => String(one.properties[classing.by])));
    const classes = Object.entries(classing.colors).filter(([value]) => there.has(value));
    if (!classes.length) return null;
    const peak = classing.of && answer.value.about?.summary?.find((one) => one.name === classing.of?.figure);
    if (classing.of && typeof peak?.value === 'number') return <Shares classing={classing} of={classing.of} peak={peak.value} unit={unitOf({ name: peak.name, unit: peak.unit ?? null })} label={title(attributesOf(process).find((one) => one.name === classing.of?.measure)?.titles ?? peak.titles)} />;
    // Bars in the same colours say it all.
    if (bars.value && 'by' in bars.value.rule && [classing.by, classing.alike].includes(bars.value.rule.by)) return null;
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
  const bounds = classing.steps.map((from) => measure(from, unit));
  const [word, ...others] = [...new Set(bounds.map((one) => one.unit))];
  // One unit for all stands once, above them.
  const alike = word && !others.length ? word : null;
  return (
    <div class="key" role="group" aria-label={label}>
      <span class="bars-title">{alike ? say('page-key-shares', { title: label, unit: alike }) : label}</span>
      <ol class="key-steps">
        {classing.ramp.map((color, i) => <li key={color}><i style={{ background: color }} /><span>{bounds[i] && (alike ? bounds[i].number : amount(bounds[i]))}</span></li>)}
      </ol>
      {classing.edges && <Edges process={process} {...classing.edges} />}
    </div>
  );
}

/** The classes of the subject itself, as they are drawn, where there are two or more of them among the results. */
function Classes({ process }: { process: Process }) {
  const style = answer.value?.about?.style;
  const there = new Set(rows.value.map((one) => String(one.properties[style?.class ?? ''])));
  const classes = (style?.classes ?? []).filter((one) => there.has(one.value));
  const attribute = attributesOf(process).find((one) => one.name === style?.class);
  // What is drawn alike needs no key.
  if (!style || !attribute || new Set(classes.map((one) => JSON.stringify(swatch(style, one)))).size < 2) return null;
  return (
    <div class="key" role="group" aria-label={title(attribute.titles)} data-key="classes">
      <span class="bars-title">{title(attribute.titles)}</span>
      <ul class="key-terms">{classes.map((one) => <li key={one.value}><Swatch values={swatch(style, one)} small />{shown(attribute, one.value) ?? one.value}</li>)}</ul>
    </div>
  );
}

/** What stands out among the classes by its edge. */
function Edges({ process, by, colors }: { process: Process; by: string; colors: Readonly<Record<string, string>> }) {
  const attribute = attributesOf(process).find((one) => one.name === by);
  const there = new Set(rows.value.map((one) => String(one.properties[by])));
  const marked = Object.entries(colors).filter(([value]) => there.has(value));
  return marked.length ? <ul class="key-terms">{marked.map(([value, color]) => <li key={value}><i class="key-edge" style={{ borderColor: color }} />{(attribute && shown(attribute, value)) ?? value}</li>)}</ul> : null;
}

/** Classes as shares of the peak: a ramp with the bounds as numbers of their own unit, from low to high. */
function Shares({ classing, of, peak, unit, label }: { classing: Classing; of: { from: readonly number[] }; peak: number; unit: string | null; label: string }) {
  if (!('colors' in classing)) return null;
  const steps = Object.values(classing.colors).map((color, i) => ({ color, from: (of.from[i] ?? 0) * peak })).reverse();
  const all = [...steps.map((one) => one.from), peak];
  // Bounds of a small peak need their decimals.
  const digits = peak < 10 ? (peak < 1 ? 2 : 1) : 0;
  return (
    <div class="key" role="group" aria-label={label}>
      <span class="bars-title">{say('page-key-shares', { title: label, unit: measure(peak, unit).unit })}</span>
      <ol class="key-steps bounded">
        {steps.map((one, i) => <li key={one.color}><i style={{ background: one.color }} /><span>{number(one.from, digits)}</span>{i === steps.length - 1 && <span class="key-end">{number(all.at(-1)!, digits)}</span>}</li>)}
      </ol>
    </div>
  );
}
