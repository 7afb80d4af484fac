import { expect, test } from 'vitest';
import { readChainage, search } from './find';
import type { Attribute, Collection, Feature } from './types';

const text = (name: string, personal = false): Attribute => ({ name, type: 'text', titles: { zh: name, en: name }, personal });
const villages: Collection = { id: 'villages', title: '村', titles: { zh: '村', en: 'Villages' }, attributes: [text('name'), text('code'), text('pinyin'), text('owner', true)], name: 'name', style: { draw: 'fill', order: 10 } };
const village = (id: string, name: string, more: Feature['properties'] = {}): Feature => ({ type: 'Feature', id, geometry: null, properties: { name, ...more } });
const data = [
  village('v-1', '王塘营', { code: '120119100001', pinyin: 'wangtangying', owner: '李四' }),
  village('v-2', '小塘', { code: '120119100002' }),
  village('v-3', '塘', { code: '120119100003' }),
];
const layers = [{ layer: villages, features: data }];
const ids = (wanted: string): string[] => search(wanted, layers).first.map((one) => String(one.feature.id));

test('the whole name comes before a name that begins so, and that before a name that holds it', () => {
  expect(ids('小塘')).toEqual(['v-2']);
  expect(ids('塘')[0]).toBe('v-3');
  expect(ids('塘')).toHaveLength(3);
});

test('codes and pinyin find, personal fields do not', () => {
  expect(ids('100002')).toEqual(['v-2']);
  expect(ids('WangTang')).toEqual(['v-1']);
  expect(ids('李四')).toEqual([]);
});

test('what is not shown is counted', () => {
  const many = Array.from({ length: 40 }, (_, i) => village(`v-${i}`, `塘${i}`));
  const group = search('塘', [{ layer: villages, features: many }]).groups[0]!;
  expect(group.hits.length + group.more).toBe(40);
});

test('coordinates are a hit of their own', () => {
  expect(search('117.42,40.04', layers).position).toEqual([117.42, 40.04]);
});

test('a chainage is read with its road and without', () => {
  expect(readChainage('K12+300')).toEqual({ road: null, at: 'K12+300' });
  expect(readChainage('12+300')).toEqual({ road: null, at: 'K12+300' });
  expect(readChainage('G112 k12＋300.5')).toEqual({ road: 'G112', at: 'K12+300.5' });
  expect(readChainage('G112，12+300')).toEqual({ road: 'G112', at: 'K12+300' });
  expect(readChainage('112国道K12+300')).toEqual({ road: '112国道', at: 'K12+300' });
  expect(readChainage('G112 12.3')).toBeNull();
  expect(readChainage('117.42,40.04')).toBeNull();
  expect(readChainage('K12+3000')).toBeNull();
});
