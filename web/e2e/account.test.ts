import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { browse, client, matched, password, serve, visit, type Server, type Visit } from './setup';

let server: Server;
let browser: Browser;
let now: Visit;
let own: string;

beforeAll(async () => {
  // Villages by their ids: the demonstration town's are in its sources and never change.
  const plain = await serve();
  own = (await client(plain.url).items('villages', 'limit=1')).features[0]!.id;
  plain.stop();
  server = await serve([{ name: '王规划', role: 'planner' }, { name: '李查看', role: 'viewer' }, { name: '张村', role: 'village', villages: [own] }]);
  browser = await browse();
});
afterAll(async () => {
  await browser?.close();
  server?.stop();
});
afterEach(async () => {
  const { complaints } = now;
  await now.close();
  // Being told to sign in is what is tested here.
  expect(complaints.filter((one) => !/401/.test(one))).toEqual([]);
});

/** On a machine of its own the page may be looked at without an account; where it may not, the dialog opens by itself. */
const open = async (path: string): Promise<Page> => {
  now = await visit(browser, server.url, path, {}, undefined, '[data-map][data-idle], [data-sign-in-dialog][open]');
  return now.page;
};
const signIn = async (page: Page, name: string, secret = password): Promise<void> => {
  if (!(await page.locator('[data-sign-in-dialog][open]').count())) await page.click('[data-sign-in]');
  await page.fill('[data-sign-in-dialog] input[type="text"]', name);
  await page.fill('[data-sign-in-dialog] input[type="password"]', secret);
  await page.click('[data-sign-in-dialog] [type="submit"]');
};
const question = '/?q=uncleaned-waterbodies';

test('a planner signs in, is named with the role, records, and signs out', async () => {
  const page = await open(question);
  await signIn(page, '王规划');
  await page.waitForSelector('[data-account="王规划"]');
  expect(await page.textContent('[data-account]')).toContain('规划员');
  await matched(page);
  await page.click('[data-row]');
  await page.click('[data-event="cleaned"]');
  await page.waitForSelector('[data-toast-undo]');
  await page.waitForSelector('.chapter');
  expect(await page.textContent('.chapter')).toContain('王规划');
  await page.click('[data-account] > button');
  await page.click('[data-sign-out]');
  await page.waitForSelector('[data-sign-in]');
  expect(await page.locator('[data-event="cleaned"]').count()).toBe(0);
});

test('a wrong password is refused in words, in the dialog', async () => {
  const page = await open(question);
  await signIn(page, '王规划', '不是这个密码');
  await page.waitForSelector('[data-sign-in-dialog] .field-told.bad');
  expect((await page.textContent('[data-sign-in-dialog] .field-told.bad'))!).toMatch(/不对/);
  expect(await page.locator('[data-account]').count()).toBe(0);
});

test('a viewer is offered nothing to write', async () => {
  const page = await open(question);
  await signIn(page, '李查看');
  await page.waitForSelector('[data-account="李查看"]');
  await matched(page);
  await page.click('[data-row]');
  await page.waitForSelector('[data-card]');
  for (const what of ['[data-event]', '[data-details]', '[data-edit]', '[data-report]', '[data-pick]']) expect([what, await page.locator(what).count()]).toEqual([what, 0]);
});

test('a village clerk is offered to write on the own ground only', async () => {
  const page = await open(question);
  await signIn(page, '张村');
  await page.waitForSelector('[data-account="张村"]');
  await matched(page);
  const rows = await page.$$eval('[data-row]', (all) => all.map((one) => one.getAttribute('data-row')!));
  expect(rows.length).toBeGreaterThan(2);
  const offered: boolean[] = [];
  for (const id of rows.slice(0, 8)) {
    await page.click(`[data-row="${id}"]`);
    await page.waitForSelector(`[data-card$="/${id}"]`);
    offered.push((await page.locator('[data-event="cleaned"]').count()) > 0);
    await page.keyboard.press('Escape');
  }
  expect(offered).toContain(false);
});

test('a session that ends is asked for again when something is written, and the write is done', async () => {
  const page = await open(question);
  await signIn(page, '王规划');
  await page.waitForSelector('[data-account]');
  await matched(page);
  await page.click('[data-row] >> nth=2');
  await page.waitForSelector('[data-event="cleaned"]');
  await page.context().clearCookies();
  await page.click('[data-event="cleaned"]');
  await page.waitForSelector('[data-sign-in-dialog][open]');
  await signIn(page, '王规划');
  await page.waitForSelector('[data-toast-undo]');
});
