import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { browse, client, day, matched, serve, visit, type Server, type Visit } from './setup';

let server: Server;
let browser: Browser;
let now: Visit;
let api: ReturnType<typeof client>;

beforeAll(async () => {
  server = await serve();
  browser = await browse();
  api = client(server.url);
  const { features } = await api.items('ponds', 'limit=6');
  for (const [i, one] of features.entries()) await api.write('POST', `/collections/ponds/items/${one.id}/events`, { event: 'cleaned', on: day(5 * i + 1), by: '王某某' });
});
afterAll(async () => {
  await browser?.close();
  server?.stop();
});
afterEach(async () => {
  const { complaints } = now;
  await now.close();
  expect(complaints, 'the console stays empty and nothing leaves the origin').toEqual([]);
});

const open = async (path = '/', options = {}): Promise<Page> => {
  now = await visit(browser, server.url, path, options);
  return now.page;
};
const question = '/?q=uncleaned-waterbodies';
// Asked of the page itself: what the browser tells us of its address comes later.
const shownDay = (page: Page): Promise<string | null> => page.evaluate(() => new URL(location.href).searchParams.get('day'));

test('the slider steps a day by an arrow and a week by a page, and back to today', async () => {
  const page = await open(question);
  await matched(page);
  await page.focus('[data-slider="day"]');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((wanted) => location.search.includes(`day=${wanted}`), day(1));
  await page.keyboard.press('PageDown');
  await page.waitForFunction((wanted) => location.search.includes(`day=${wanted}`), day(8));
  await page.waitForSelector(`[data-past="${day(8)}"]`);
  await page.click('[data-today]');
  await page.waitForFunction(() => !location.search.includes('day='));
  expect(await page.locator('[data-past]').count()).toBe(0);
});

test('every layer and the question are asked as of the day, and the link keeps it', async () => {
  const asked: string[] = [];
  now = await visit(browser, server.url, `${question}&day=${day(8)}`, {}, async (page) => {
    page.on('request', (request) => asked.push(decodeURIComponent(new URL(request.url()).pathname)));
  });
  const { page } = now;
  await matched(page);
  const items = asked.filter((one) => one.endsWith('/items') && !one.startsWith('/collections/events/'));
  expect(items.length).toBeGreaterThan(5);
  for (const one of items) expect(one).toContain(`@${day(8)}/items`);
  expect(await page.getAttribute('[data-input="as-of"]', 'data-day')).toBe(day(8));
});

test('a day is marked for every day on which something happened', async () => {
  const page = await open(question);
  await page.waitForSelector('.time-marks rect', { state: 'attached' });
  expect(await page.locator('.time-marks rect').count()).toBeGreaterThanOrEqual(4);
  await page.focus('[data-slider="day"]');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => /\d+ 条记录/.test(document.querySelector('[data-slider="day"]')?.getAttribute('aria-valuetext') ?? ''));
});

test('what is recorded on a past day is looked at first, and is recorded of that day', async () => {
  const { features } = await api.items('ponds', 'limit=9');
  const id = features[8]!.id;
  const page = await open(`${question}&day=${day(8)}&sel=ponds/${id}`);
  await page.waitForSelector('[data-event="cleaned"]');
  expect(await page.locator('[data-edit]').count(), 'the past is not edited').toBe(0);
  await page.click('[data-event="cleaned"]');
  expect(await page.getAttribute('[data-field="on"]', 'data-day')).toBe(day(8));
  await page.click('[data-form="record"] [type="submit"]');
  await page.waitForSelector('[data-form="record"]', { state: 'detached' });
  expect((await api.history('ponds', id)).find((one) => one.event === 'cleaned' && one.on === day(8))).toMatchObject({ late: true });
});

test('in the history of a past day what came after is told apart', async () => {
  const { features } = await api.items('ponds', 'limit=1');
  const page = await open(`${question}&day=${day(8)}&sel=ponds/${features[0]!.id}`);
  await page.waitForSelector('.chapter.later');
});

test('it plays week by week and stops when it is touched', async () => {
  const page = await open(`${question}&day=${day(21)}`);
  await matched(page);
  await page.click('[data-play]');
  await page.waitForFunction((wanted) => location.search.includes(`day=${wanted}`), day(14), { timeout: 20_000 });
  await page.click('[data-play]');
  const stopped = await shownDay(page);
  await page.waitForTimeout(2500);
  expect(await shownDay(page)).toBe(stopped);
});

test('on a phone it is asked for, and put away again', async () => {
  const page = await open(question, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await matched(page);
  expect(await page.locator('[data-time]').count()).toBe(0);
  await page.tap('[data-time-open]');
  await page.waitForSelector('[data-time]');
  expect((await page.locator('[data-play]').boundingBox())!.height).toBeGreaterThanOrEqual(44);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
