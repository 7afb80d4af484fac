import { beforeEach, describe, expect, test } from 'vitest';
import zh from '../../maps/text/page.zh.ftl?raw';
import en from '../../maps/text/page.en.ftl?raw';
import { amount, area, chainage, distance, measure, prose, readPosition, set, shown, unitOf } from './format';
import { speak } from './words';

describe('in Chinese', () => {
  beforeEach(() => speak('zh', zh));

  test('a distance is in metres below a kilometre and in kilometres above', () => {
    expect(amount(distance(999.4))).toBe('999\u00A0m');
    expect(amount(distance(1234))).toBe('1.2\u00A0km');
    expect(amount(distance(1000))).toBe('1.0\u00A0km');
    expect(set(1000, 'm')).toBe('1\u00A0km');
  });

  test('a place along a road is said in kilometres and metres, and the last metre carries over', () => {
    expect([0, 8984.667, 12_300, 999.6].map(chainage)).toEqual(['K0+000', 'K8+985', 'K12+300', 'K1+000']);
  });

  test('an area is in 亩, a small one in square metres, a vast one in 万亩', () => {
    expect(amount(area(19_667))).toBe('29.5亩');
    expect(area(50)).toEqual({ number: '50', unit: 'm²' });
    expect(amount(area(99_005_568))).toBe('14.9万亩');
  });

  test('units that are words are words of the language', () => {
    expect(amount(measure(127, '{household}'))).toBe('127户');
    expect(amount(measure(30, 'd'))).toBe('30天');
    expect(amount(measure(17_353.4, '{head}/km2'))).toBe('17,353头/km²');
    expect(amount(measure(2.25, '1/km2'))).toBe('2.25/km²');
    expect(amount(measure(3, '{unheard}'))).toBe('3\u00A0unheard');
  });

  test('a share is a percentage, whether its unit says so or its name', () => {
    expect(amount(measure(0.958, unitOf({ name: 'uncovered_share', unit: null })))).toBe('95.8%');
    expect(unitOf({ name: 'x', unit: '1' })).toBe('share');
    expect(amount(measure(87, '%'))).toBe('87%');
  });

  test('a code is shown by its word, a missing value not at all', () => {
    const condition = { name: 'condition', type: 'code', titles: { zh: '', en: '' }, domain: [{ value: 'black', zh: '黑臭', en: 'Black' }] } as const;
    expect(shown(condition, 'black')).toBe('黑臭');
    expect(shown(condition, null)).toBeNull();
    expect(shown({ ...condition, type: 'bool' }, false)).toBe('否');
  });

  test('a day is written out in prose', () => expect(prose('2026-10-31')).toBe('2026年10月31日'));
});

describe('in English', () => {
  beforeEach(() => speak('en', en));

  test('an area is in hectares', () => expect(amount(area(19_667))).toBe('2.0\u00A0ha'));
  test('a code is shown by its English word', () => {
    expect(shown({ name: 'c', type: 'code', titles: { zh: '', en: '' }, domain: [{ value: 'black', zh: '黑臭', en: 'Black' }] }, 'black')).toBe('Black');
  });
});

describe('coordinates as people paste them', () => {
  test('are read in either order when the numbers tell', () => {
    expect(readPosition('117.425, 40.045')).toEqual([117.425, 40.045]);
    expect(readPosition('40.045，117.425')).toEqual([117.425, 40.045]);
    expect(readPosition('117.4250°E 40.0450°N')).toEqual([117.425, 40.045]);
  });

  test('are refused when they do not tell', () => {
    expect(readPosition('40.045, 41.2')).toBeNull();
    expect(readPosition('西河村')).toBeNull();
    expect(readPosition('117.425')).toBeNull();
  });
});
