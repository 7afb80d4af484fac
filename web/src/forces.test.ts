import { expect, test } from 'vitest';
import { grouped } from './forces';

test('packs stand under the force with which they bind, what is suspended last', () => {
  const groups = grouped(['farmland', 'old', 'sichuan', 'waste', 'water'], { farmland: 'mandatory', old: 'suspended', waste: 'local', water: 'mandatory' });
  expect(groups).toEqual([
    { force: 'mandatory', of: ['farmland', 'water'] },
    { force: 'local', of: ['waste'] },
    { force: null, of: ['sichuan'] },
    { force: 'suspended', of: ['old'] },
  ]);
});

test('without forces all are one group', () => {
  expect(grouped(['a', 'b'], undefined)).toEqual([{ force: null, of: ['a', 'b'] }]);
});
