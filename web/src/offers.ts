// Which events a feature may have next, and how much each asks before it can be recorded. Pure.

import { stages } from './board';
import type { Attribute, EventKind, Feature } from './types';

/** Whether a kind of event is a step of a life cycle: it names the states it may start from. */
export function transition(event: EventKind): boolean {
  return Boolean(event.from?.length);
}

/** How far on a step leads: the next stage first, then those beyond it, then back, then aside. */
function onward(event: EventKind, status: string): number {
  const way: readonly string[] = stages;
  const [here, there] = [way.indexOf(status), way.indexOf(event.to ?? '')];
  if (there < 0 || here < 0) return 2 * way.length;
  return there > here ? there - here : way.length + here - there;
}

/** What may be recorded of a feature by name: the next steps of its way, then what is at hand, then the rest. */
export function offered(events: readonly EventKind[], kind: string, feature: Feature | null): EventKind[] {
  const status = feature?.properties.status;
  const fit = events.filter((one) => {
    if (one.system || !(one.kinds.includes(kind) || one.kinds.includes('*'))) return false;
    return !transition(one) || one.from!.includes(String(status ?? ''));
  });
  const steps = fit.filter(transition).sort((a, b) => onward(a, String(status ?? '')) - onward(b, String(status ?? '')));
  const others = fit.filter((one) => !transition(one));
  return [...steps, ...others.filter((one) => one.quick), ...others.filter((one) => !one.quick)];
}

/**
 * Whether one tap is enough. It is not where the event has fields or wants a proof, nor where it only counts something
 * (rubbish cleared, in m³) and a record without a number would say nothing. Of the ground itself, a village or a road, it
 * is taken to count where the server does not say what it sets.
 */
export function needsForm(event: EventKind, ground = false): boolean {
  const counts = Boolean(event.units?.length) && (event.sets ? event.sets.length === 0 : ground);
  return Boolean(event.needs_proof || event.fields?.length || counts);
}

/** The event's fields; one that the feature has an attribute for starts from its value. */
export function startOf(field: Attribute, feature: Feature | null): string {
  const value = feature?.properties[field.name];
  if (value === null || value === undefined || Array.isArray(value)) return '';
  return String(value);
}

/** Units in which the event may be counted; the first is the likeliest. */
export function unitsOf(event: EventKind | undefined): readonly string[] {
  return event?.units ?? [];
}
