// What whoever is there may do to what is shown. What they may not do is not offered; the server has the last word.

import { computed } from '@preact/signals';
import { byId } from './byid';
import { catalog } from './catalog';
import { layers } from './data';
import { holds, pointOn } from './geometry';
import { session } from './session';
import { state } from './state';
import type { Account, Feature } from './types';

/** Somebody could, if they signed in. */
export const stranger = computed<boolean>(() => session.value.accounts && session.value.account === null);

/** Whether they may write anything anywhere. */
export const mayRecord = computed<boolean>(() => session.value.may_write);

const areas = ['village', 'grid_cell'];

/** Whether a feature stands on the ground of somebody who works in areas; true where that ground is not loaded. */
function onOwnGround(account: Account, feature: Feature): boolean {
  const at = pointOn(feature.geometry);
  if (!at) return false;
  const own = areas.flatMap((kind) => {
    const ids = (kind === 'village' ? account.villages : account.cells) ?? [];
    const loaded = (catalog.value?.layers ?? []).filter((one) => one.kind === kind).map((one) => layers.value[one.id]);
    return ids.map((id) => loaded.map((one) => (one ? byId(one.features, id) : null)).find(Boolean) ?? null);
  });
  return own.some((one) => one === null || holds(one.geometry, at));
}

/** Whether something may be recorded of a feature. */
export function mayTouch(feature: Feature, kind: string | undefined): boolean {
  const { account, may_write: writes } = session.value;
  if (!writes) return false;
  if (account?.role !== 'village' && account?.role !== 'grid_worker') return true;
  return !areas.includes(kind ?? '') && onOwnGround(account, feature);
}

/** Attributes and places are those of today: on a past day they can be looked at only. */
export function mayEdit(feature: Feature, kind: string | undefined): boolean {
  return state.value.day === null && mayTouch(feature, kind);
}

/** The day on which something recorded now will be said to have happened, when it is not today. */
export const past = computed<string | null>(() => state.value.day);

export const today = computed<string>(() => catalog.value?.map.today ?? '');

export const dayInView = (): string => past.value ?? today.value;
