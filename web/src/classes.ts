// How results in classes are drawn: ground, roads and places in the colours of their classes.

import type { Classing } from './present';
import { dark, specks, type Drawn, type Expression, type Shapes } from './style';

/** The colour of a result by its class. */
function classColor(classing: Classing): Expression {
  const value = ['get', classing.by];
  if ('colors' in classing) return ['match', ['to-string', value], ...Object.entries(classing.colors).flat(), 'rgba(0,0,0,0)'];
  const [lowest = '#FFFFFF', ...others] = classing.ramp;
  return ['step', ['to-number', value], lowest, ...classing.steps.slice(1).flatMap((from, i) => [from, others[i] ?? lowest])];
}

/** Areas in the colours of their classes, roads and places shining through; what has no class is left blank. */
export function classMarks(classing: Classing, shapes: Shapes): Drawn[] {
  const color = classColor(classing);
  const drawn: Drawn[] = [];
  // The weightiest class lies on top, however many there are of the others.
  const order: Expression = 'colors' in classing ? ['match', ['to-string', ['get', classing.by]], ...Object.keys(classing.colors).flatMap((value, i) => [value, -i]), -99] : ['to-number', ['get', classing.by]];
  const quiet: Expression = classing.quiet ? ['==', ['to-string', ['get', classing.by]], classing.quiet] : false;
  if (shapes.polygon) {
    const classed = { filter: 'colors' in classing ? ['has', ['to-string', ['get', classing.by]], ['literal', classing.colors]] : ['==', ['typeof', ['get', classing.by]], 'number'] };
    drawn.push(
      { id: 'answer/fill', type: 'fill', source: 'answer', ...classed, paint: { 'fill-color': color, 'fill-opacity': classing.edges ? 0.92 : 0.8, 'fill-antialias': false } },
      classing.ground
        ? { id: 'answer/outline', type: 'line', source: 'answer', ...classed, layout: { 'line-join': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-opacity': 0.9, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.2, 14, 1.2] } }
        : { id: 'answer/outline', type: 'line', source: 'answer', ...classed, layout: { 'line-join': 'round' }, paint: { 'line-color': dark, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 14, 1.8] } },
    );
    if (classing.edges) drawn.push(...edgeMarks(classing.edges));
    // Cells lie side by side and are never specks.
    const speck = specks('answer', { draw: 'fill' });
    if (!classing.ground) drawn.push({ ...speck, ...classed, layout: { 'circle-sort-key': order }, paint: { ...speck.paint, 'circle-color': color, 'circle-stroke-color': '#FFFFFF', 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 4, 12, 7.5, 14, 9] } });
  }
  if (shapes.line) {
    drawn.push(
      { id: 'answer/casing', type: 'line', source: 'answer', layout: { 'line-cap': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-width': 8 } },
      { id: 'answer/line', type: 'line', source: 'answer', layout: { 'line-cap': 'round' }, paint: { 'line-color': color, 'line-width': 5 } },
    );
  }
  if (shapes.point) {
    drawn.push({ id: 'answer/dot', type: 'circle', source: 'answer', filter: ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]], layout: { 'circle-sort-key': order }, paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, ['case', quiet, 1.6, 4], 14, ['case', quiet, 4.5, 8]], 'circle-color': color, 'circle-opacity': ['case', quiet, 0.7, 1], 'circle-stroke-color': '#FFFFFF', 'circle-stroke-width': ['case', quiet, 0.6, 1.4] } });
  }
  return drawn;
}

/** What stands out by its edge, inside its own border: two that touch are told apart. */
function edgeMarks({ by, colors }: NonNullable<Classing['edges']>): Drawn[] {
  const marked: Expression = ['has', ['to-string', ['get', by]], ['literal', colors]];
  const color: Expression = ['match', ['to-string', ['get', by]], ...Object.entries(colors).flat(), 'rgba(0,0,0,0)'];
  const wide = (pixels: number): Expression => ['interpolate', ['linear'], ['zoom'], 10, pixels * 0.6, 13, pixels];
  return [
    { id: 'answer/edge', type: 'line', source: 'answer', filter: marked, layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': wide(2.3), 'line-offset': wide(2) } },
  ];
}
