// Choices under the force with which they bind, the weightiest first. Pure.

const forces = ['mandatory', 'local', 'recommended', 'suspended'];

export interface ForceGroup {
  /** Null: those that bind nobody by themselves. */
  force: string | null;
  of: readonly string[];
}

/** What no longer binds stands last; without forces all are one group. */
export function grouped(all: readonly string[], force: Readonly<Record<string, string>> | undefined): ForceGroup[] {
  if (!force) return [{ force: null, of: all }];
  const order = [...forces.slice(0, 3), null, ...forces.slice(3)];
  return order.map((one) => ({ force: one, of: all.filter((each) => (force[each] ?? null) === one) })).filter((one) => one.of.length > 0);
}
