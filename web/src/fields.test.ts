import { expect, test } from 'vitest';
import { changes, compare, masked, read, settle, textsOf } from './fields';
import type { Attribute } from './types';

const attribute = (name: string, type: Attribute['type'], more: Partial<Attribute> = {}): Attribute => ({ name, type, titles: { zh: name, en: name }, ...more });

test('a text means a value of its type', () => {
  expect(read(attribute('a', 'int'), ' 1,200 ')).toEqual({ value: 1200 });
  expect(read(attribute('a', 'float'), '0.5')).toEqual({ value: 0.5 });
  expect(read(attribute('a', 'bool'), 'false')).toEqual({ value: false });
  expect(read(attribute('a', 'date'), '2026-10-05')).toEqual({ value: '2026-10-05' });
  expect(read(attribute('a', 'text'), ' 王某某 ')).toEqual({ value: '王某某' });
});

test('an empty field empties the attribute, unless it must have a value', () => {
  expect(read(attribute('a', 'int'), '')).toEqual({ value: null });
  expect(read(attribute('a', 'text', { required: true }), ' ')).toEqual({ fault: 'empty' });
});

test('what cannot be is refused with the bound it breaks', () => {
  const count = attribute('a', 'int', { range: [0, 1000] });
  expect(read(count, '-1')).toEqual({ fault: 'low', bound: 0 });
  expect(read(count, '1001')).toEqual({ fault: 'high', bound: 1000 });
  expect(read(count, '1000')).toEqual({ value: 1000 });
  expect(read(count, '2.5')).toEqual({ fault: 'whole' });
  expect(read(count, 'viele')).toEqual({ fault: 'number' });
});

test('only what was changed is sent', () => {
  const all = [attribute('name', 'text'), attribute('head', 'int'), attribute('keeper', 'text')];
  const opened = textsOf(all, { name: '北坑', head: 12, keeper: null });
  expect(changes(all, opened, { ...opened, head: '15' })).toEqual({ values: { head: 15 }, faults: {} });
  expect(changes(all, opened, { ...opened, name: '' }).values).toEqual({ name: null });
  expect(changes(all, opened, { ...opened, head: 'x' })).toEqual({ values: {}, faults: { head: { fault: 'number' } } });
});

test('a masked number is not sent back as if it were one', () => {
  expect(masked(attribute('phone', 'text', { personal: true }), '155****2322')).toBe(true);
  expect(masked(attribute('note', 'text'), '**急**')).toBe(false);
});

test('two who change different attributes do not clash', () => {
  const { clashes, beside } = compare({ head: 12, keeper: '王' }, { head: 15 }, { head: 12, keeper: '李' });
  expect([clashes, beside]).toEqual([[], ['keeper']]);
});

test('two who change the same attribute alike do not clash', () => {
  expect(compare({ head: 12 }, { head: 15 }, { head: 15 }).clashes).toEqual([]);
});

test('two who change the same attribute differently clash there, and the choice decides what is written', () => {
  const mine = { head: 15, keeper: '张' };
  const { clashes } = compare({ head: 12, keeper: '王' }, mine, { head: 20, keeper: '王' });
  expect(clashes).toEqual([{ name: 'head', opened: 12, mine: 15, theirs: 20 }]);
  expect(settle(mine, clashes, { head: 'theirs' })).toEqual({ keeper: '张' });
  expect(settle(mine, clashes, { head: 'mine' })).toEqual(mine);
});

test('an attribute that the server does not name counts as empty', () => {
  expect(compare({}, { note: '新' }, { note: null }).clashes).toEqual([]);
});
