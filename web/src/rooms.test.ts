import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((one) => /\.(tsx?|css)$/.test(one))
  .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), 'utf8') }));
const importing = (name: RegExp): string[] =>
  files.filter(({ path, text }) => !path.includes('.test.') && [...text.matchAll(/from '([^']+)'|import '([^']+)'/g)].some((one) => name.test(one[1] ?? one[2] ?? ''))).map((one) => one.path);

test('one file imports the map library', () => {
  expect(importing(/^maplibre-gl/)).toEqual(['map/view.ts']);
});

test('the map knows nothing of the framework, nor of the panels', () => {
  expect(importing(/^preact|signals|panel/).filter((path) => path.startsWith('map/'))).toEqual([]);
});

test('what is pure stays pure: styles, scenes, shapes and addresses import no signal', () => {
  const pure = ['style.ts', 'scene.ts', 'geometry.ts', 'address.ts', 'find.ts', 'present.ts'];
  expect(importing(/signals|\.\/state|\.\/data/).filter((path) => pure.includes(path))).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  expect(files.filter(({ text }) => text.split('\n').length > 400).map((one) => one.path)).toEqual([]);
});

test('nothing in the sources names a host', () => {
  expect(files.filter(({ path, text }) => !path.includes('.test.') && /https?:\/\/(?!www\.w3\.org)/.test(text)).map((one) => one.path)).toEqual([]);
});
