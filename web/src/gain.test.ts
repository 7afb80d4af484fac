import { expect, test } from 'vitest';
import { gainOf } from './gain';
import type { Figure } from './types';

const figures = (values: Readonly<Record<string, number>>): Figure[] => Object.entries(values).map(([name, value]) => ({ name, value, titles: { zh: name, en: name } }));

test('before, new and left add up to all households', () => {
  const gain = gainOf(figures({ households: 2608, covered_households: 2430, gain_households: 226 }));
  expect(gain).toEqual({ all: 2608, before: 2204, gained: 226, left: 178 });
});

test('figures that do not add up, or are not there, say nothing', () => {
  expect(gainOf(figures({ households: 100, covered_households: 30 }))).toBeNull();
  expect(gainOf(figures({ households: 0, covered_households: 0, gain_households: 0 }))).toBeNull();
  expect(gainOf(figures({ households: 100, covered_households: 30, gain_households: 31 }))).toBeNull();
  expect(gainOf(figures({ households: 100, covered_households: 101, gain_households: 1 }))).toBeNull();
});
