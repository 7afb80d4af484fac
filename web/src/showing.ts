// Which layers the current question touches, and the scene that follows from everything known.

import { computed } from '@preact/signals';
import { spellValue } from './address';
import { byId } from './byid';
import { catalog, layer } from './catalog';
import { tilesPath } from './api';
import { answer, beneath, dated, find, layers } from './data';
import { clearFrom } from './density';
import { amount, chainage, measure, unitOf } from './format';
import { present, reachOf } from './present';
import { rows, villageOf } from './results';
import { compose, type Answer, type Scene, type Tiled } from './scene';
import { process, state, type Pick } from './state';
import type { Collection, Feature, Process } from './types';
import { hovered, picked } from './ui';
import { lang } from './words';

/** The layers bound to the question's parameters. */
export const bound = computed<Readonly<Record<string, string>>>(() => {
  const now = process.value;
  if (!now?.fit.fits) return {};
  const values = state.value.values[now.id] ?? {};
  return Object.fromEntries(
    Object.entries(now.inputs)
      .filter(([, input]) => input['x-input'] === 'layer')
      .map(([name, input]) => [name, values[name] ?? String(input.schema.default ?? '')]),
  );
});

/** What every question is read against. */
const ground = ['village', 'road', 'settlement'];

/** Beyond the last zoom. */
export const never = 24;

/** The zoom from which a layer is drawn: at once where it is asked about or asked for, else where its badges stand clear. */
export function from(layer: Collection): number {
  // A hundred tracks along one road would paint it over: they wait to be asked for.
  if (layer.kind === 'patrol' && !state.value.forced.includes(layer.id)) return never;
  const wanted = state.value.forced.includes(layer.id) || asked.value.has(layer.id);
  return layer.style.draw !== 'badge' || wanted ? 0 : clearFrom(layers.value[layer.id]?.features ?? []);
}

/** The layers that any of the question's parameters names. */
const asked = computed<ReadonlySet<string>>(() => {
  const now = process.value;
  const values = (now && state.value.values[now.id]) ?? {};
  const several = Object.entries(now?.inputs ?? {})
    .filter(([, input]) => input['x-input'] === 'layers')
    .flatMap(([name, input]) => (values[name] ?? spellValue(input.schema.default)).split(','));
  return new Set([...Object.values(bound.value), ...several].filter(Boolean));
});

/** Quiet: not of the ground, and not asked about; or asked about, and answered in the same marks on top. */
export function muted(layer: Collection): boolean {
  if (ground.includes(layer.kind ?? '') || !process.value?.fit.fits) return false;
  const part = Object.entries(bound.value).find(([, id]) => id === layer.id);
  return !asked.value.has(layer.id) || part?.[0] === process.value.subject_parameter;
}

/** The school of a farm: what the other end of a feature's tie is, when it is loaded. */
export function otherEnd(feature: Feature): Feature['geometry'] {
  const tie = process.value && present(process.value).tie;
  if (!tie) return null;
  const wanted = String(feature.properties[tie.id]);
  const ends = layers.value[bound.value[tie.layer] ?? '']?.features;
  return ends ? (byId(ends, wanted)?.geometry ?? null) : null;
}

const asAnswer = computed<Answer | null>(() => {
  const now = process.value;
  const about = answer.value?.about;
  if (!now || !about || answer.value?.status === 'failed') return null;
  const how = present(now);
  const unit = unitOf(now.properties.find((one) => one.name === how.tie?.label) ?? { name: '', unit: 'm' });
  void lang.value;
  const other = (feature: Feature): ReturnType<Answer['other']> => {
    const geometry = otherEnd(feature);
    const value = feature.properties[how.tie?.label ?? ''];
    return geometry ? { geometry, label: typeof value === 'number' ? amount(measure(value, unit)) : '' } : null;
  };
  return { name: now.id, collection: about, features: rows.value, overlay: how.overlay, classing: how.classing, rank: how.rank, reach: reachOf(how, about.parameters), hole: how.hole, nameless: how.nameless && about.parameters?.[how.nameless.parameter] === how.nameless.value, beneath: how.beneath ? (beneath.value?.features ?? []) : undefined, other };
});

/** What the pointer is on, and what is picked. */
const pointed = computed<readonly Feature[]>(() => {
  const one = find(hovered.value);
  const many = picked.value?.size ? rows.value.filter((each) => picked.value!.has(String(each.id))) : [];
  return one ? [one, ...many] : many;
});

/** The tiles of a layer of very many, seen from afar. */
function tiled(layer: Collection): Tiled | null {
  if (layers.value[layer.id]?.status !== 'far') return null;
  const id = dated(layer.id, state.value.day);
  return { tiles: tilesPath(id), layer: id, revision: layer.revision ?? '' };
}

export const scene = computed<Scene>(() => {
  const { hidden, only, selected } = state.value;
  const shown = (catalog.value?.layers ?? [])
    .filter((one) => !hidden.includes(one.id))
    .map((collection) => ({ collection, features: layers.value[collection.id]?.features ?? [], muted: muted(collection), from: from(collection), only: only[collection.id] ?? [], tiled: tiled(collection) }));
  return compose(shown, asAnswer.value, selected ? (lookUp(selected)?.feature ?? null) : null, pointed.value);
});

/** The layer whose features the current analysis answers about. */
function subjectLayer(now: Process): string | null {
  // The answer knows best: gaps may be of villages or of households.
  const kind = answer.value?.about?.subject_kind ?? now.subject;
  const spelled = now.subject_parameter ? bound.value[now.subject_parameter] : undefined;
  if (spelled && layer(spelled)?.kind === kind) return spelled;
  return catalog.value?.layers.find((one) => one.kind === kind)?.id ?? null;
}

/** The layer's own feature that a pick is about: what can be recorded and edited. A result is about its subject. */
export function subjectOf(pick: Pick): Pick | null {
  if (layer(pick.collection)) return pick;
  const now = process.value;
  const of = now?.id === pick.collection ? subjectLayer(now) : null;
  const loaded = of ? layers.value[of] : undefined;
  // A subject with several results bears its own id in each.
  const own = find(pick)?.properties.subject_id;
  const id = typeof own === 'string' ? own : pick.id;
  if (!of || (loaded?.status === 'ready' && !loaded.windowed && !byId(loaded.features, id))) return null;
  return { collection: of, id };
}

export interface Shown {
  feature: Feature;
  collection: Collection;
  /** Whether it is shown as a result, with what the analysis found. */
  result: boolean;
}

/** What a pick shows: the result, or its subject where it is no longer (or not yet) among the results. */
export function lookUp(pick: Pick): Shown | null {
  const feature = find(pick);
  const collection = about(pick.collection);
  if (feature && collection) return { feature, collection, result: process.value?.id === pick.collection };
  const subject = subjectOf(pick);
  if (!subject || subject.collection === pick.collection) return null;
  const own = find(subject);
  const of = layer(subject.collection);
  return own && of ? { feature: own, collection: of, result: false } : null;
}

/** The description of what a pick is of. */
export function about(collection: string): Collection | null {
  if (answer.value?.about && answer.value.id.split(/[~@]/)[0] === collection) return answer.value.about;
  return catalog.value?.layers.find((one) => one.id === collection) ?? null;
}

/** K8+900–K9+000 */
function stretchOf(feature: Feature, collection: Collection | null): string | null {
  const how = process.value && collection?.analysis === process.value.id ? present(process.value).stretch : undefined;
  const [from, to] = how ? [feature.properties[how.from], feature.properties[how.to]] : [];
  return typeof from === 'number' && typeof to === 'number' ? (from === to ? chainage(from) : `${chainage(from)}–${chainage(to)}`) : null;
}

export function nameOf(feature: Feature, collection: Collection | null): string | null {
  const named = process.value && collection?.analysis === process.value.id ? present(process.value).named : undefined;
  const own = collection?.name ? feature.properties[collection.name] : null;
  const name = own ?? (named ? (feature.properties[named] ?? (named === 'village' ? villageOf(feature) : null)) : null);
  const parts = [name, stretchOf(feature, collection)].filter((one) => one !== null && one !== undefined && one !== '');
  return parts.length ? parts.join(' ') : null;
}
