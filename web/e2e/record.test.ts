import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { browse, client, day, matched, photo, serve, visit, type Server, type Visit } from './setup';

let server: Server;
let browser: Browser;
let now: Visit;
let api: ReturnType<typeof client>;

beforeAll(async () => {
  server = await serve();
  browser = await browse();
  api = client(server.url);
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
const overdue = 'uncleaned-waterbodies';
const shownHistory = (page: Page): Promise<number> => page.locator('[data-history]').getAttribute('data-history').then(Number);

describe('two taps', () => {
  test('record that a pond was cleaned: it leaves the results, its history says so, and undo brings it back', async () => {
    const page = await open(`/?q=${overdue}`);
    const before = await matched(page);
    const id = (await page.getAttribute('[data-row]', 'data-row'))!;
    const told = (await api.history('ponds', id)).length;
    await page.click('[data-row]');
    await page.click('[data-event="cleaned"]');
    await page.waitForSelector('[data-toast-undo]');
    await page.waitForFunction((count) => Number(document.querySelector('[data-matched]')?.getAttribute('data-matched')) === count - 1, before);
    expect((await api.items(overdue, 'limit=1')).numberMatched).toBe(before - 1);
    // The card stays, though the pond is no longer a result.
    await page.waitForSelector(`[data-card="${overdue}/${id}"]`);
    await page.waitForFunction((count) => Number(document.querySelector('[data-history]')?.getAttribute('data-history')) === count + 1, told);
    await page.click('[data-toast-undo]');
    await page.waitForFunction((count) => Number(document.querySelector('[data-matched]')?.getAttribute('data-matched')) === count, before);
    await page.waitForSelector('.chapter.undone s');
    expect((await api.items(overdue, 'limit=1')).numberMatched).toBe(before);
    expect((await api.history('ponds', id)).filter((one) => one.event === 'cleaned' && !one.undone)).toHaveLength(told);
  });

  test('over a line that breaks are sent once more under the same key, and recorded once', async () => {
    const page = await open(`/?q=${overdue}`);
    await matched(page);
    const id = (await page.getAttribute('[data-row]', 'data-row'))!;
    const before = (await api.history('ponds', id)).length;
    const keys: (string | undefined)[] = [];
    let broken = false;
    await page.route('**/items/*/events', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (broken) return route.continue();
      broken = true;
      // The server hears it, and its answer is lost on the way back.
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.click('[data-row]');
    await page.click('[data-event="cleaned"]');
    await page.waitForSelector('[data-toast-undo]');
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
    expect((await api.history('ponds', id)).length).toBe(before + 1);
    now.complaints.splice(0, now.complaints.length, ...now.complaints.filter((one) => !/ERR_CONNECTION_RESET/.test(one)));
  });
});

describe('the form', () => {
  test('records day, person, quantity, note and photo, and the history shows them, and that it was late', async () => {
    const page = await open(`/?q=${overdue}`);
    await matched(page);
    const id = (await page.getAttribute('[data-row]', 'data-row'))!;
    await page.click('[data-row]');
    await page.click('[data-details]');
    await page.fill('[data-field="on"]', day(40));
    await page.fill('[data-field="by"]', '王某某');
    await page.selectOption('[data-field="qualifier"]', 'approx');
    await page.fill('[data-field="quantity"]', '3.5');
    await page.fill('[data-field="note"]', '水面漂浮物已捞净');
    await page.setInputFiles('.shot.add input', { name: 'before.png', mimeType: 'image/png', buffer: photo(120, 90, 60) });
    await page.waitForSelector('[data-shots="1"]');
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('[data-form="record"]', { state: 'detached' });
    await page.waitForSelector('.chapter [data-photo]');
    const event = (await api.history('ponds', id)).find((one) => one.note === '水面漂浮物已捞净')!;
    expect(event).toMatchObject({ event: 'cleaned', on: day(40), by: '王某某', late: true, quantity: { value: 3.5, unit: 'm3', qualifier: 'approx' } });
    expect(event.evidence).toHaveLength(1);
    const chapter = page.locator(`[data-chapter="${String(event.id)}"]`);
    expect(await chapter.textContent()).toMatch(/约 3.5 方/);
    expect(await chapter.textContent()).toContain('补录');
    await chapter.locator('[data-photo]').click();
    await page.waitForSelector('.viewer[open] img');
    expect(await page.locator('.viewer img').evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(64);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.viewer', { state: 'detached' });
    expect(await page.locator('[data-card]').count(), 'Escape closes the photo, not the card under it').toBe(1);
  });

  test('photos of two days stand side by side, before and after', async () => {
    const { features } = await api.items(overdue, 'limit=3');
    const id = features[2]!.id;
    for (const [colour, ago] of [[photo(90, 60, 30), 30], [photo(60, 120, 200), 2]] as const) {
      const sent = (await (await fetch(`${server.url}/evidence`, { method: 'POST', headers: { 'Content-Type': 'image/png' }, body: new Uint8Array(colour) })).json()) as { id: string };
      await api.write('POST', `/collections/ponds/items/${id}/events`, { event: 'noted', on: day(ago), evidence: [sent.id], note: '照片' });
    }
    const page = await open(`/?q=${overdue}&sel=ponds/${id}`);
    await page.waitForSelector('[data-before-after]');
    expect(await page.textContent('[data-before-after]')).toMatch(new RegExp(`前 ${day(30)}[\\s\\S]*后 ${day(2)}`));
  });

  test('what was typed is still there after a look elsewhere', async () => {
    const page = await open(`/?q=${overdue}`);
    await matched(page);
    await page.click('[data-row] >> nth=3');
    await page.click('[data-details]');
    await page.fill('[data-field="note"]', '写到一半');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-form]', { state: 'detached' });
    await page.click('[data-details]');
    expect(await page.inputValue('[data-field="note"]')).toBe('写到一半');
  });

  test('a day to come and a number that is none are refused before they are sent', async () => {
    const page = await open(`/?q=${overdue}`);
    await matched(page);
    await page.click('[data-row] >> nth=4');
    await page.click('[data-details]');
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await page.fill('[data-field="quantity"]', '若干');
    await page.fill('[data-field="on"]', day(-3));
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('[data-field="quantity"][aria-invalid="true"]');
    expect(await page.locator('.field-told.bad').count()).toBe(2);
    expect(sent).toEqual([]);
  });

  test('a file that is no photo is said to be none', async () => {
    const page = await open(`/?q=${overdue}`);
    await matched(page);
    await page.click('[data-row] >> nth=5');
    await page.click('[data-details]');
    await page.setInputFiles('.shot.add input', { name: 'list.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') });
    await page.waitForSelector('.shots .field-told.bad');
    expect(await page.getAttribute('[data-shots]', 'data-shots')).toBe('0');
  });

  test('what only counts asks for its number: rubbish cleared in a village', async () => {
    const { features } = await api.items('villages', 'limit=1');
    const id = features[0]!.id;
    const page = await open(`/?q=tallies&sel=villages/${id}`);
    await page.click('[data-event="rubbish-cleared"]');
    await page.fill('[data-field="quantity"]', '12');
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('[data-form="record"]', { state: 'detached' });
    expect((await api.history('villages', id))[0]).toMatchObject({ event: 'rubbish-cleared', quantity: { value: 12, unit: 'm3' } });
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-tally="rubbish-cleared"]');
    expect(await page.textContent('[data-sentence]')).toMatch(/清垃圾 [\d,.]+ 方/);
  });
});

describe('the history', () => {
  test('is undone and restored entry by entry', async () => {
    const { features } = await api.items('toilets', 'limit=1');
    const id = features[0]!.id;
    await api.write('POST', `/collections/toilets/items/${id}/events`, { event: 'cleaned', on: day(3) });
    const page = await open(`/?sel=toilets/${id}`);
    await page.click('[data-undo]');
    await page.waitForSelector('[data-restore]');
    await page.click('[data-restore]');
    await page.waitForSelector('[data-undo]');
    expect((await api.history('toilets', id)).filter((one) => one.event === 'cleaned' && !one.undone)).toHaveLength(1);
    expect(await page.locator('.chapter').count()).toBe(await shownHistory(page));
  });

  test('is empty in words where nothing was recorded', async () => {
    const { features } = await api.items('cameras', 'limit=1');
    const page = await open(`/?sel=cameras/${features[0]!.id}`);
    await page.waitForSelector('.history-none');
  });
});

describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

  test('the quick events are a thumb wide, and the form has the camera and the whole sheet', async () => {
    const page = await open(`/?q=${overdue}`, phone);
    await matched(page);
    await page.tap('[data-row]');
    const box = (await page.locator('[data-event="cleaned"]').boundingBox())!;
    expect(Math.min(box.height, box.width)).toBeGreaterThanOrEqual(44);
    await page.tap('[data-details]');
    await page.waitForSelector('.sheet[data-stop="full"] [data-form="record"]');
    expect(await page.locator('input[capture="environment"]').count()).toBe(1);
    for (const selector of ['[data-field="event"]', '[data-field="on"]', '[data-field="by"]', '[data-form] [type="submit"]']) {
      expect([selector, (await page.locator(selector).boundingBox())!.height >= 44]).toEqual([selector, true]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
