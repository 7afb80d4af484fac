// What whoever is there may do to what is shown. What they may not do is not offered.

import { computed } from '@preact/signals';
import { catalog } from './catalog';
import { session } from './session';
import { state } from './state';

/** Somebody could, if they signed in. */
export const stranger = computed<boolean>(() => session.value.accounts && session.value.account === null);

/** Events may be recorded, of today or of the past day that is shown. */
export const mayRecord = computed<boolean>(() => session.value.may_write);

/** Attributes and places are those of today: on a past day they can be looked at only. */
export const mayEdit = computed<boolean>(() => session.value.may_write && state.value.day === null && session.value.account?.role !== 'grid_worker');

/** The day on which something recorded now will be said to have happened, when it is not today. */
export const past = computed<string | null>(() => state.value.day);

export const today = computed<string>(() => catalog.value?.map.today ?? '');
