// The history of one feature, from its events: what was undone is folded into what it undid. Pure.

import type { Evidence, Recorded } from './types';

export interface Chapter {
  event: Recorded;
  /** The event that undid it, where it stands undone. */
  undoneBy: Recorded | null;
  /** After the day that is shown: not yet so on the map. */
  later: boolean;
}

const sequence = (id: string): number => Number(id.replace(/^e-/, '')) || 0;

/** Newest first: by the day it happened, then by the order in which it was recorded. */
export function story(events: readonly Recorded[], day: string | null): Chapter[] {
  const undoing = new Map<string, Recorded>();
  for (const one of events) {
    if (one.undoes && !one.undone) undoing.set(one.undoes, one);
  }
  return events
    .filter((one) => !one.undoes)
    .map((event) => ({ event, undoneBy: event.undone ? (undoing.get(event.id) ?? null) : null, later: day !== null && event.on > day }))
    .sort((a, b) => b.event.on.localeCompare(a.event.on) || sequence(b.event.id) - sequence(a.event.id));
}

/** What was recorded last, whatever day it is of. */
export function newest(events: readonly Recorded[]): Recorded | null {
  return events.reduce<Recorded | null>((last, one) => (!last || sequence(one.id) > sequence(last.id) ? one : last), null);
}

export interface Photo {
  evidence: Evidence;
  event: Recorded;
}

/** Every photo that still counts, oldest first. */
export function photos(chapters: readonly Chapter[]): Photo[] {
  return [...chapters].reverse().flatMap(({ event }) => (event.undone ? [] : event.evidence.map((evidence) => ({ evidence, event }))));
}

/** The first photo and the newest, where they are of different events: how it was, and how it is. */
export function beforeAfter(all: readonly Photo[]): { before: Photo; after: Photo } | null {
  const before = all[0];
  const after = all.findLast((one) => one.event.id !== before?.event.id);
  return before && after ? { before, after } : null;
}

/** Who is named in the history as having done something, the latest first: whom a form proposes. */
export function people(events: readonly Recorded[]): string[] {
  return [...new Set(events.flatMap((one) => (one.by ? [one.by] : [])))];
}
