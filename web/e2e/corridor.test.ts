// The strip map: linked both ways with the list and the map; and a chainage typed into the search box.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
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

test('a section chosen on the strip is chosen in the list and on the map, and arrows walk along the road', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/?q=corridor&day=2026-10-31');
  const rows = await matched(page);
  expect(await page.locator('[data-strip]').count()).toBe(rows);
  await page.locator('[data-strip="G112:1:006500:L"]').click({ force: true });
  await page.waitForFunction(() => location.search.includes('sel='));
  expect(decodeURIComponent(page.url())).toContain('G112:1:006500:L');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !location.search.includes('sel='));
  await page.locator('[data-strip="G112:1:006500:R"]').hover({ force: true });
  expect(await page.locator('.strip-pointed').count()).toBe(1);
  expect(complaints).toEqual([]);
  await close();
}, 90_000);

test('a chainage is found by its road and its number', async () => {
  const { page, complaints, close } = await visit(browser, server.url, '/');
  await page.fill('.search input', 'G112 4+300');
  const hit = page.locator('#found [role="option"]').first();
  await hit.waitFor();
  expect(await hit.textContent()).toContain('K4+300');
  await page.fill('.search input', '112国道K8+820');
  await page.waitForTimeout(600);
  // The numbers that the short chain leaves out stand nowhere, and that is no fault.
  expect(await page.locator('#found').textContent()).not.toContain('K8+820112');
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
  await close();
}, 90_000);
