import { describe, expect, test } from 'vitest';
import { defaults, parse, segment, spell } from './address';
import type { Process } from './types';

const water: Process = {
  id: 'uncleaned-waterbodies',
  title: '', titles: { zh: '', en: '' }, properties: [], fit: { fits: true },
  inputs: {
    days: { schema: { type: 'number', default: 30 } },
    condition: { schema: { type: 'array', items: { type: 'string', enum: ['good', 'poor', 'black', 'unknown'] }, default: ['poor', 'black', 'unknown'] } },
    where: { schema: { type: 'string', default: '' } },
  },
};

describe('the address of a question', () => {
  test('leaves defaults out, however their numbers are written', () => {
    expect(spell(water, {}, null)).toBe('uncleaned-waterbodies');
    expect(spell(water, { days: '30.0', condition: 'black,poor,unknown' }, null)).toBe('uncleaned-waterbodies');
  });

  test('keeps the order of the definition, not of the asking', () => {
    expect(spell(water, { condition: 'black', days: '60' }, '2026-09-30')).toBe('uncleaned-waterbodies~days=60~condition=black@2026-09-30');
  });

  test('orders a list as its definition does, so that ticking order is not another question', () => {
    expect(spell(water, { condition: 'unknown,black' }, null)).toBe(spell(water, { condition: 'black,unknown' }, null));
  });

  test('writes what is not plain as the hex of its bytes, and reads it back', () => {
    const id = spell(water, { where: "name = '西河 坑' ~ x@y!" }, null);
    expect(id).toBe("uncleaned-waterbodies~where=name!20=!20'西河!20坑'!20!7E!20x!40y!21");
    expect(parse(id).values.where).toBe("name = '西河 坑' ~ x@y!");
  });

  test('is taken apart into name, values and day', () => {
    expect(parse('coverage-gaps~facility=toilets~reach=800@2026-06-30')).toEqual({ name: 'coverage-gaps', values: { facility: 'toilets', reach: '800' }, day: '2026-06-30' });
  });

  test('stays readable as a path segment', () => {
    expect(segment('a~b=1,2@2026-06-30')).toBe('a~b=1,2@2026-06-30');
    expect(segment('a/b')).toBe('a%2Fb');
  });

  test('spells the defaults of a definition as an address would', () => {
    expect(defaults(water)).toEqual({ days: '30', condition: 'poor,black,unknown', where: '' });
  });
});
