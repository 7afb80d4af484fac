// A date in a form: typed as people write it, or chosen on the sheet of a month with pointer or keys.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { browse, matched, serve, visit, type Server } from './setup';

let server: Server;
let browser: Browser;
beforeAll(async () => {
  server = await serve();
  browser = await browse();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.stop();
});

const from = '[data-input="from"]';
const asked = (page: Page, part: string): Promise<unknown> => page.waitForFunction((text) => decodeURIComponent(location.search).includes(text), part);

test('a typed day is read in either language, shown as the language writes it, and stands in the address as numbers', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/?q=hotspots');
  await matched(page);
  for (const [text, day, shown] of [['2026/9/1', '2026-09-01', '2026年9月1日'], ['2026年10月5日', '2026-10-05', '2026年10月5日']] as const) {
    await page.fill(from, text);
    await page.press(from, 'Enter');
    await asked(page, `from=${day}`);
    expect(await page.inputValue(from)).toBe(shown);
  }
  await page.fill(from, '2026-02-30');
  await page.press(from, 'Tab');
  await page.waitForSelector(`${from}[aria-invalid="true"]`);
  expect(await page.locator('.day-wrong').textContent()).toContain('2026-11-28');
  await asked(page, 'from=2026-10-05');
  await page.fill(from, '');
  await page.press(from, 'Enter');
  await page.waitForFunction(() => !decodeURIComponent(location.search).includes('from='));
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('the month is walked with the keys, and Escape gives the field back', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/?q=hotspots~from=2026-09-30&lang=en');
  await matched(page);
  expect(await page.inputValue(from)).toBe('September 30, 2026');
  await page.focus(from);
  await page.keyboard.press('ArrowDown');
  const on = (): Promise<string | undefined> => page.evaluate(() => (document.activeElement as HTMLElement).dataset.on);
  await page.waitForSelector('[data-day-sheet] [data-on="2026-09-30"]:focus');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('[data-on="2026-10-01"]:focus');
  await page.keyboard.press('PageUp');
  await page.waitForSelector('[data-on="2026-09-01"]:focus');
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const broken = await page.evaluate(() => (window as unknown as { axe: { run: (at: string) => Promise<{ violations: { id: string }[] }> } }).axe.run('[data-day-sheet]').then((found) => found.violations.map((one) => one.id)));
  expect(broken).toEqual([]);
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-day-sheet]', { state: 'detached' });
  expect(await on()).toBeUndefined();
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.input)).toBe('from');
  await page.click(`${from} + .day-open`);
  await page.click('[data-on="2026-09-14"]');
  await asked(page, 'from=2026-09-14');
  await page.waitForSelector('[data-day-sheet]', { state: 'detached' });
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('no day beyond today is offered for the map, and on a phone a tap opens the month within the screen', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/?q=hotspots', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await matched(page);
  await page.tap(from);
  const sheet = await page.waitForSelector('[data-day-sheet]');
  const box = (await sheet.boundingBox())!;
  expect([box.x >= 0, box.y >= 0, box.x + box.width <= 390, box.y + box.height <= 844]).toEqual([true, true, true, true]);
  const small = await page.locator('[data-day-sheet] button').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).length);
  expect(small).toBe(0);
  await close();
  const desk = await visit(browser, server.url, '/?q=hotspots');
  await matched(desk.page);
  await desk.page.click('[data-input="as-of"] + .day-open');
  const open = await desk.page.locator('.day-cell:not([disabled])').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.on ?? ''));
  const today = await desk.page.getAttribute('[data-input="as-of"]', 'data-day');
  expect(open.length).toBeGreaterThan(0);
  expect(open.filter((one) => one > today!)).toEqual([]);
  expect([...complaints, ...desk.complaints]).toEqual([]);
  await desk.close();
}, 90_000);

test('what a hotspot is weighted by is chosen among the numbers of the layer', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/?q=density~of=farms&lang=en');
  await matched(page);
  await page.locator('details:has([data-input="value"]) > summary').first().click();
  const offered = await page.locator('select[data-input="value"] option').evaluateAll((all) => all.map((one) => [(one as HTMLOptionElement).value, one.textContent]));
  expect(offered[0]).toEqual(['', 'Not weighted (each counts 1)']);
  expect(offered.map(([name]) => name)).toContain('head');
  expect(offered.map(([name]) => name)).not.toContain('species');
  await page.selectOption('select[data-input="value"]', 'head');
  await asked(page, 'value=head');
  await matched(page);
  expect(complaints).toEqual([]);
  await close();
}, 90_000);
