// The answer as a list: bars over it, and the rows that a chosen bar leaves.

import { computed, signal } from '@preact/signals';
import { catalog } from './catalog';
import { answer, layers } from './data';
import { holds, pointOn } from './geometry';
import { boardId, passes } from './board';
import { present, type BarRule } from './present';
import { process, state } from './state';
import type { Attribute, Feature, Process } from './types';
import { shown } from './format';
import { lang } from './words';

export interface Bar {
  key: string;
  label: string;
  count: number;
}

/** The chosen bar; it narrows list and map together and is forgotten with its question. */
export const chosen = signal<string | null>(null);

/** The village whose shape holds a place. */
export function villageAt(at: readonly number[]): string | null {
  const villages = catalog.value?.layers.find((one) => one.kind === 'village');
  const shapes = (villages && layers.value[villages.id]?.features) ?? [];
  const name = shapes.find((one) => holds(one.geometry, [...at]))?.properties[villages?.name ?? 'name'];
  return typeof name === 'string' ? name : null;
}

/** The village that a feature says it lies in, else the one whose shape holds it. */
export function villageOf(feature: Feature): string | null {
  const said = feature.properties.village;
  if (typeof said === 'string' && said) return said;
  const villages = catalog.value?.layers.find((one) => one.kind === 'village');
  const shapes = villages && layers.value[villages.id]?.features;
  if (!shapes?.length) return null;
  const known = located.get(feature);
  if (known?.among === shapes) return known.name;
  const at = pointOn(feature.geometry);
  const found = at && villageAt(at);
  located.set(feature, { among: shapes, name: found });
  return found;
}

const located = new WeakMap<Feature, { among: readonly Feature[]; name: string | null }>();

export function attributesOf(now: Process | null): readonly Attribute[] {
  const about = answer.value?.about?.attributes ?? [];
  const added = now?.properties.filter((one) => !about.some((other) => other.name === one.name)) ?? [];
  return [...added, ...about];
}

function barKey(feature: Feature, bars: BarRule): string | null {
  if ('shares' in bars) {
    const share = feature.properties[bars.shares];
    return typeof share === 'number' ? String(bars.steps.find((step) => share >= step) ?? 0) : null;
  }
  if (bars.by === 'village') return villageOf(feature);
  const value = feature.properties[bars.by];
  return value === null || value === undefined ? null : String(value);
}

export function count(features: readonly Feature[], bars: BarRule, attributes: readonly Attribute[]): Bar[] {
  const tally = new Map<string, number>();
  for (const feature of features) {
    const key = barKey(feature, bars);
    if (key !== null) tally.set(key, (tally.get(key) ?? 0) + 1);
  }
  if ('shares' in bars) {
    return bars.steps.map((step, i) => {
      const upper = i === 0 ? 1 : bars.steps[i - 1]!;
      return { key: String(step), label: `${step * 100}–${upper * 100}%`, count: tally.get(String(step)) ?? 0 };
    });
  }
  const attribute = attributes.find((one) => one.name === bars.by);
  return [...tally]
    .map(([key, count]) => ({ key, label: (attribute && shown(attribute, key)) ?? key, count }))
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, 'zh'));
}

/** The rule that parts the results into two bars or more, and its bars. */
export const bars = computed<{ rule: BarRule; bars: Bar[] } | null>(() => {
  const now = process.value;
  void lang.value;
  if (!now || !answer.value) return null;
  for (const rule of present(now).bars) {
    const counted = count(answer.value.features, rule, attributesOf(now));
    if (counted.filter((one) => one.count > 0).length > 1) return { rule, bars: counted };
  }
  return null;
});

export const rows = computed<readonly Feature[]>(() => {
  const features = answer.value?.features ?? [];
  const now = process.value;
  if (now?.id === boardId) return features.filter((one) => passes(state.value.board, one));
  const key = chosen.value;
  const rule = bars.value?.rule;
  if (!now || key === null || !rule) return features;
  return features.filter((one) => barKey(one, rule) === key);
});
