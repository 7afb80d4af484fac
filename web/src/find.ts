// The search box: names, codes and coordinates of what is loaded.

import { readPosition } from './format';
import type { Collection, Feature } from './types';

export interface Hit {
  collection: string;
  feature: Feature;
  name: string;
  /** What matched, when it was not the name. */
  also: string | null;
  score: number;
}

export interface Group {
  layer: Collection;
  hits: Hit[];
  more: number;
}

export interface Found {
  position: [number, number] | null;
  groups: Group[];
  first: Hit[];
}

const searched = /(^|_)(code|number|ref|pinyin|initials|alias|key|owner)$/;
const perGroup = 5;
const most = 12;

function score(text: string, wanted: string): number {
  const lower = text.toLowerCase();
  if (lower === wanted) return 4;
  if (lower.startsWith(wanted)) return 3;
  return lower.includes(wanted) ? 2 : 0;
}

function match(layer: Collection, fields: readonly string[], feature: Feature, wanted: string): Hit | null {
  const named = layer.name ? feature.properties[layer.name] : null;
  const name = named === null || named === undefined ? String(feature.id) : String(named);
  const byName = score(name, wanted);
  const hit = { collection: layer.id, feature, name };
  if (byName) return { ...hit, also: null, score: byName + 0.5 };
  for (const field of fields) {
    const value = feature.properties[field];
    const found = typeof value === 'string' ? score(value, wanted) : 0;
    if (found) return { ...hit, also: String(value), score: found };
  }
  const byId = score(String(feature.id), wanted);
  return byId ? { ...hit, also: String(feature.id), score: byId - 0.5 } : null;
}

export function search(text: string, layers: readonly { layer: Collection; features: readonly Feature[] }[]): Found {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return { position: null, groups: [], first: [] };
  const groups: Group[] = [];
  for (const { layer, features } of layers) {
    const fields = layer.attributes.filter((one) => one.type === 'text' && !one.personal && searched.test(one.name)).map((one) => one.name);
    const hits = features.flatMap((feature) => match(layer, fields, feature, wanted) ?? []);
    if (!hits.length) continue;
    hits.sort((a, b) => b.score - a.score || a.name.localeCompare(b.name, 'zh'));
    groups.push({ layer, hits: hits.slice(0, perGroup), more: Math.max(0, hits.length - perGroup) });
  }
  groups.sort((a, b) => b.hits[0]!.score - a.hits[0]!.score || (a.layer.style.order ?? 0) - (b.layer.style.order ?? 0));
  let room = most;
  for (const group of groups) {
    const kept = group.hits.slice(0, Math.max(1, room));
    group.more += group.hits.length - kept.length;
    group.hits = kept;
    room -= kept.length;
  }
  const shown = groups.slice(0, 5);
  return { position: readPosition(text), groups: shown, first: shown.flatMap((one) => one.hits) };
}

/** A chainage as people type it, perhaps behind the name or number of its road: `K12+300`, `G112 12+300`, `112国道K12+300.5`. */
export function readChainage(text: string): { road: string | null; at: string } | null {
  const found = text.trim().match(/^(.*?)[\s,，]*([Kk]?-?\d{1,5}[+＋]\d{1,3}(?:\.\d+)?)$/u);
  if (!found) return null;
  const road = found[1]!.trim();
  const at = found[2]!.replace('＋', '+').toUpperCase();
  // Of "G11212+300" nobody can say where the road ends and the number begins.
  if (/\d$/.test(road) && !/^[\s,，]/.test(text.trim().slice(road.length)) && !at.startsWith('K')) return null;
  return { road: road || null, at: at.startsWith('K') ? at : `K${at}` };
}
