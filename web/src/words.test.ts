import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleOf, lang, say, speak, within } from './words';

// An analysis brings a catalogue of its own, in which the page has a tab and a heading.
const folder = join(import.meta.dirname, '../../maps/text');
const read = (lang: string): string => readdirSync(folder).filter((one) => one.endsWith(`.${lang}.ftl`)).sort().map((one) => readFileSync(join(folder, one), 'utf8')).join('\n');
const [zh, en] = [read('zh'), read('en')];
const keys = (text: string): string[] => [...text.matchAll(/^(page-[\w-]*) =/gm)].map((one) => one[1]!).sort();
const variablesOf = (body: string): string[] => [...new Set([...body.matchAll(/\$(\w+)/g)].map((one) => one[1]!))];
const bodyOf = (text: string, key: string): string => text.slice(text.indexOf(`\n${key} =`) + 1).split(/\n(?=[a-z#])/)[0]!;
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((one) => /\.tsx?$/.test(one) && !one.includes('.test.'));
const source = files.map((one) => readFileSync(join(import.meta.dirname, one), 'utf8')).join('\n');

test('every sentence of the page stands in both languages', () => {
  expect(keys(zh)).toEqual(keys(en));
});

test('both languages fill the same variables into a sentence', () => {
  const variables = (text: string, key: string): string[] => variablesOf(bodyOf(text, key)).sort();
  for (const key of keys(zh)) {
    // Chinese has no plural to choose: a unit may leave its count unused.
    const told = (text: string): string[] => variables(text, key).filter((one) => !(key.startsWith('page-unit-') && one === 'count'));
    expect([key, told(zh)]).toEqual([key, told(en)]);
  }
});

test('every sentence the page asks for is there', () => {
  const asked = [...source.matchAll(/say\('(page-[\w-]+)'/g)].map((one) => one[1]!);
  expect(asked.length).toBeGreaterThan(40);
  expect(asked.filter((key) => !keys(zh).includes(key))).toEqual([]);
});

test('no sentence stands there that the page never asks for', () => {
  const made = [/^page-group-/, /^page-tab-/, /^page-head-/, /^page-empty-/, /^page-hint-/, /^page-unit-/, /^page-theme-/];
  expect(keys(zh).filter((key) => !made.some((one) => one.test(key)) && !source.includes(`'${key}'`))).toEqual([]);
});

test('both catalogues are read without an error', () => {
  for (const [lang, text] of [['zh', zh], ['en', en]] as const) {
    const bundle = bundleOf(lang, text);
    for (const key of keys(text)) {
      const errors: Error[] = [];
      bundle.formatPattern(bundle.getMessage(key)!.value!, Object.fromEntries(variablesOf(bodyOf(text, key)).map((name) => [name, name === 'count' ? 2 : 'x'])), errors);
      expect([key, errors]).toEqual([key, []]);
    }
  }
});

test('one result is not "1 results"', () => {
  speak('en', en);
  expect(say('page-total', { count: 1 })).toBe('1 result');
  expect(say('page-total', { count: 1205 })).toBe('1,205 results');
});

test('within an English sentence a name begins small, and an abbreviation stays', () => {
  lang.value = 'en';
  expect(['National rules', 'G112', 'WHO limits', '112国道'].map(within)).toEqual(['national rules', 'G112', 'WHO limits', '112国道']);
  lang.value = 'zh';
  expect(within('Nomads 网格')).toBe('Nomads 网格');
});
