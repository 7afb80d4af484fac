// Features by their id, worked out once for each list of them.

import type { Feature } from './types';

const known = new WeakMap<readonly Feature[], Map<string, Feature>>();

export function byId(features: readonly Feature[], id: string): Feature | null {
  let index = known.get(features);
  if (!index) {
    index = new Map(features.map((one) => [String(one.id), one]));
    known.set(features, index);
  }
  return index.get(id) ?? null;
}
