// State ↔ URL. The question and what is shown stand in the query, the window on the map in the hash.

import { parse } from './address';
import { readBoard, spellBoard } from './board';
import type { Pick, State, View } from './state';

const open: State = { lang: 'zh', view: null, analysis: null, values: {}, day: null, hidden: [], forced: [], only: {}, selected: null, board: readBoard(null) };

function part(value: string): string {
  return encodeURIComponent(value).replace(/%(3D|2C|40|3A|2F|3B)/g, (hex) => decodeURIComponent(hex));
}

/** `spelled` is the address of the current question without its day. */
export function toUrl(state: State, spelled: string | null): string {
  const query: [string, string][] = [];
  if (spelled) query.push(['q', spelled]);
  if (state.day) query.push(['day', state.day]);
  if (state.hidden.length) query.push(['off', state.hidden.join(',')]);
  if (state.forced.length) query.push(['on', state.forced.join(',')]);
  const only = Object.entries(state.only).filter(([, values]) => values.length);
  if (only.length) query.push(['only', only.map(([layer, values]) => `${layer}:${values.join(':')}`).join(',')]);
  if (state.selected) query.push(['sel', `${state.selected.collection}/${state.selected.id}`]);
  const board = spellBoard(state.board);
  if (board) query.push(['board', board]);
  if (state.lang !== 'zh') query.push(['lang', state.lang]);
  const search = query.map(([key, value]) => `${key}=${part(value)}`).join('&');
  return (search ? `?${search}` : '') + viewHash(state.view);
}

function viewHash(view: View | null): string {
  return view ? `#${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}` : '';
}

function readView(hash: string): View | null {
  const [zoom, lat, lon] = hash.replace(/^#/, '').split('/').map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}

function readPick(text: string | null): Pick | null {
  const slash = text?.indexOf('/') ?? -1;
  return text && slash > 0 ? { collection: text.slice(0, slash), id: text.slice(slash + 1) } : null;
}

export function fromUrl(search: string, hash: string): State {
  const query = new URLSearchParams(search);
  const question = query.get('q') ? parse(query.get('q')!) : null;
  const day = query.get('day') ?? question?.day ?? null;
  const only: Record<string, string[]> = {};
  for (const item of (query.get('only') ?? '').split(',').filter(Boolean)) {
    const [layer, ...values] = item.split(':');
    if (layer && values.length) only[layer] = values;
  }
  return {
    ...open,
    lang: query.get('lang') === 'en' ? 'en' : 'zh',
    view: readView(hash),
    analysis: question?.name ?? null,
    values: question ? { [question.name]: question.values } : {},
    day: day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null,
    hidden: (query.get('off') ?? '').split(',').filter(Boolean),
    forced: (query.get('on') ?? '').split(',').filter(Boolean),
    only,
    selected: readPick(query.get('sel')),
    board: readBoard(query.get('board')),
  };
}
