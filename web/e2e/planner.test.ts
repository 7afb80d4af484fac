// What a planner asks beside the daily questions: villages ranked, water and the limit it failed, the grid, who answers,
// and the packs of rules.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { browse, client, matched, serve, visit, type Server } from './setup';

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

const day = '2026-10-31';
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const ids = (page: Page): Promise<string[]> => page.locator('.rank-table tbody tr').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.row ?? ''));
const wide = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

test('villages are ranked, put into another order by a heading, and chosen in the table and on the map alike', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=village-indicators&day=${day}`);
  const count = await matched(page);
  const { features } = await client(server.url).items(`village-indicators@${day}`);
  const by = (name: string): string[] => [...features].sort((a, b) => Number(a.properties[name]) - Number(b.properties[name])).map((one) => one.id);
  expect(await ids(page)).toHaveLength(count);
  expect((await ids(page)).slice(0, 3)).toEqual(by('rank').slice(0, 3));
  await page.click('[data-order="sewage"]');
  const worst = features.find((one) => one.id === by('sewage_rate')[0]);
  const first = (await ids(page))[0];
  expect(features.find((one) => one.id === first)?.properties.sewage_rate).toBe(worst?.properties.sewage_rate);
  expect(await page.locator('th[aria-sort="ascending"] [data-order="sewage"]').count()).toBe(1);

  await page.locator(`.rank-table tr[data-row="${first}"]`).hover();
  expect(await page.locator(`.rank-table tr.pointed[data-row="${first}"]`).count()).toBe(1);
  await page.locator(`.rank-table tr[data-row="${first}"] button`).click();
  await page.waitForFunction(() => location.search.includes('sel='));
  expect(decodeURIComponent(page.url())).toContain(`village-indicators/${first}`);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !location.search.includes('sel='));
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('a masked ranking names no village in its table', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=village-indicators~names=masked&day=${day}`);
  await matched(page);
  const villages = (await client(server.url).items('villages')).features.map((one) => String(one.properties.name));
  const table = (await page.locator('.ranking').textContent()) ?? '';
  expect(await page.locator('[data-key="nameless"]').count()).toBe(1);
  expect(table).toContain('某村A');
  expect(villages.filter((one) => table.includes(one))).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('on a phone the ranking stays within the screen', async () => {
  const { page, close } = await visit(browser, server.url, `/?q=village-indicators&lang=en&day=${day}`, phone);
  await matched(page);
  expect(await wide(page)).toBe(false);
  const heads = page.locator('.rank-table thead button');
  for (const one of await heads.all()) expect((await one.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(40);
  await close();
}, 90_000);

test('the card of a water body says which limit failed', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=uncleaned-waterbodies&lang=en&day=${day}`);
  await matched(page);
  const { features } = await client(server.url).items(`uncleaned-waterbodies@${day}`);
  const foul = features.find((one) => one.properties.failed_limits === 'ammonia');
  expect(foul).toBeDefined();
  await close();
  const card = await visit(browser, server.url, `/?q=uncleaned-waterbodies&lang=en&day=${day}&sel=uncleaned-waterbodies/${foul!.id}`);
  await card.page.locator('.card').waitFor();
  expect(await card.page.locator('.card').textContent()).toMatch(/ammonia nitrogen/i);
  expect([...complaints, ...card.complaints]).toEqual([]);
  await card.close();
}, 90_000);

test('a grid without flaws says so, and its flaws at no tolerance are listed and coloured', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=grid-check&lang=en&day=${day}`);
  expect(await matched(page)).toBe(0);
  expect(await page.locator('.empty-title').textContent()).toContain('No gap');
  await page.fill('[data-input="tolerance"]', '0');
  await page.fill('[data-input="snap"]', '0');
  await page.waitForFunction(() => Number(document.querySelector('[data-matched]')?.getAttribute('data-matched')) > 0, undefined, { timeout: 40_000 });
  expect(await page.locator('.bars .bar-fill.classed').count()).toBeGreaterThan(1);
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('a place that is pointed at says who answers for it', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=responsible&lang=en&day=${day}`);
  expect(await matched(page)).toBe(0);
  expect(await page.locator('.empty').textContent()).toContain('tap the map');
  await page.click('[data-aim="at"]');
  const box = (await page.locator('[data-map]').boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForFunction(() => decodeURIComponent(location.search).includes('at='));
  await page.waitForFunction(() => Number(document.querySelector('[data-matched]')?.getAttribute('data-matched')) > 0, undefined, { timeout: 40_000 });
  const at = /at=([\d.]+,[\d.]+)/.exec(decodeURIComponent(page.url()))?.[1];
  const { features } = await client(server.url).items(`responsible~at=${at}@${day}`);
  expect(features.length).toBeGreaterThan(0);
  const list = (await page.locator('.rows').textContent()) ?? '';
  for (const one of features) expect(list).toContain(String(one.properties.person));
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('packs of rules are ticked under the force with which they bind, and fit a phone', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=screening&lang=en&day=${day}`, phone);
  await matched(page);
  await page.click('.handle');
  const box = page.locator('[data-ticks="rules"]');
  await box.locator('summary').click();
  expect(await box.locator('legend').allTextContents()).toEqual(['Mandatory', 'Local rule', 'Tables of scale', 'No longer applied']);
  expect(await box.locator('fieldset.suspended').textContent()).toContain('2010');
  for (const one of await box.locator('label').all()) expect((await one.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(40);
  // The last one that is ticked stays.
  expect(await box.locator('[data-chip="national"]').isDisabled()).toBe(true);
  await box.locator('[data-chip="water"]').check();
  await page.waitForFunction(() => decodeURIComponent(location.search).includes('national,water'));
  expect(await wide(page)).toBe(false);
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('from afar only the largest holes of the gaps are circled, and the key says so', async () => {
  const { page, complaints, close } = await visit(browser, server.url, `/?q=coverage-gaps&lang=en&day=${day}`);
  await matched(page);
  expect(await page.locator('.key').textContent()).toContain('3 largest');
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('what new sites change is said in households as the server counts them, and the map has what is served already', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/?q=siting~reach=400');
  await matched(page);
  await page.waitForSelector('[data-key="sites"] .key-served');
  const asked = await page.evaluate(() => performance.getEntriesByType('resource').map((one) => decodeURIComponent(one.name)));
  expect(asked.filter((one) => one.includes('/collections/service-areas~reach=400/items'))).toHaveLength(1);
  const summary: { name: string; value: number }[] = (await fetch(`${server.url}/collections/siting~reach=400`).then((got) => got.json())).summary;
  const named = (name: string): number => summary.find((one) => one.name === name)!.value;
  const told = await page.locator('.gain li b').evaluateAll((all) => all.map((one) => Number(one.textContent?.replace(/[^0-9]/g, ''))));
  expect(told).toEqual([named('covered_households') - named('gain_households'), named('gain_households'), named('households') - named('covered_households')]);
  await page.selectOption('[data-input="keep"]', 'no');
  await page.waitForSelector('[data-key="sites"] .key-served', { state: 'detached' });
  expect(complaints).toEqual([]);
  await close();
}, 90_000);
