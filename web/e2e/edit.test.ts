import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { browse, client, idle, serve, visit, type Server, type Visit } from './setup';

let server: Server;
let browser: Browser;
let now: Visit;
let api: ReturnType<typeof client>;
let toilets: string[];

beforeAll(async () => {
  server = await serve();
  browser = await browse();
  api = client(server.url);
  toilets = (await api.items('toilets', 'limit=8')).features.map((one) => one.id);
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

const edit = async (id: string): Promise<Page> => {
  now = await visit(browser, server.url, `/?sel=toilets/${id}`);
  await now.page.click('[data-edit]');
  await now.page.waitForSelector('[data-form="edit"]');
  return now.page;
};
const save = async (page: Page): Promise<void> => {
  await page.click('[data-form] [type="submit"]');
  await page.waitForSelector('[data-form]', { state: 'detached' });
};

test('an attribute is changed in a form made from the schema, and undone from the toast', async () => {
  const id = toilets[0]!;
  const before = (await api.item('toilets', id)).feature.properties;
  const sent: Record<string, unknown>[] = [];
  const page = await edit(id);
  page.on('request', (request) => { if (request.method() === 'PATCH') sent.push({ body: request.postDataJSON() as unknown, match: request.headers()['if-match'] }); });
  await page.fill('[data-field="seats"]', '11');
  await page.click('[data-field="access"] [data-choice]:not([aria-pressed="true"])');
  await save(page);
  const after = (await api.item('toilets', id)).feature.properties;
  expect(after.seats).toBe(11);
  expect(after.access).not.toBe(before.access);
  expect(sent).toHaveLength(1);
  expect(Object.keys((sent[0]!.body as { properties: object }).properties).sort()).toEqual(['access', 'seats']);
  expect(sent[0]!.match).toBeTruthy();
  await page.waitForSelector('.chapter');
  await page.click('[data-toast-undo]');
  await page.waitForSelector('.chapter.undone');
  expect((await api.item('toilets', id)).feature.properties).toEqual(before);
});

test('a value out of its range is refused where it is typed', async () => {
  const page = await edit(toilets[1]!);
  await page.fill('[data-field="seats"]', '-4');
  await page.click('[data-form] [type="submit"]');
  await page.waitForSelector('[data-field="seats"][aria-invalid="true"]');
});

test('two who change the same thing see both versions, and choose', async () => {
  const id = toilets[2]!;
  const page = await edit(id);
  await page.fill('[data-field="seats"]', '21');
  await page.fill('[data-field="name"]', '东头公厕');
  const { etag } = await api.item('toilets', id);
  await api.write('PATCH', `/collections/toilets/items/${id}`, { properties: { seats: 33, keeper: '郑某某' } }, { 'If-Match': etag, 'Content-Type': 'application/merge-patch+json' });
  await page.click('[data-form] [type="submit"]');
  await page.waitForSelector('[data-form="conflict"]');
  expect(await page.textContent('[data-clash="seats"]')).toMatch(/21[\s\S]*33/);
  expect(await page.locator('[data-clash]').count()).toBe(1);
  expect(await page.textContent('[data-form="conflict"]')).toContain('郑某某');
  expect(await page.isDisabled('[data-form] [type="submit"]')).toBe(true);
  await page.check('[data-side="mine"]');
  await save(page);
  expect((await api.item('toilets', id)).feature.properties).toMatchObject({ seats: 21, name: '东头公厕', keeper: '郑某某' });
  now.complaints.splice(0, now.complaints.length, ...now.complaints.filter((one) => !/412/.test(one)));
});

test('a point is moved by its pin and by its coordinates', async () => {
  const id = toilets[3]!;
  const page = await edit(id);
  const [x, y] = (await api.item('toilets', id)).feature.geometry.coordinates as [number, number];
  await page.waitForSelector('.pin');
  await idle(page);
  const pin = (await page.locator('.pin').boundingBox())!;
  await page.mouse.move(pin.x + pin.width / 2, pin.y + pin.height / 2);
  await page.mouse.down();
  await page.mouse.move(pin.x + pin.width / 2 + 60, pin.y + pin.height / 2, { steps: 6 });
  await page.mouse.up();
  await page.waitForFunction((before) => (document.querySelector('[data-field="place"]') as HTMLInputElement).value !== before, `${x.toFixed(6)}, ${y.toFixed(6)}`);
  await save(page);
  const [there] = (await api.item('toilets', id)).feature.geometry.coordinates as [number, number];
  expect(there).toBeGreaterThan(x);
  await page.click('[data-edit]');
  await page.fill('[data-field="place"]', `${x}, ${y}`);
  await page.locator('[data-field="place"]').blur();
  await save(page);
  const back = (await api.item('toilets', id)).feature.geometry.coordinates;
  expect(back[0]).toBeCloseTo(x, 6);
  expect(back[1]).toBeCloseTo(y, 6);
  expect(await page.locator('.pin').count()).toBe(0);
});

test('a feature is withdrawn with its reason, and comes back by undo', async () => {
  const id = toilets[4]!;
  const page = await edit(id);
  const before = (await api.items('toilets', 'limit=1')).numberMatched;
  await page.click('[data-withdraw]');
  await page.click('[data-form="withdraw"] [type="submit"]');
  await page.waitForSelector('.field-told.bad');
  await page.fill('[data-field="reason"]', '已拆除，改建停车场');
  await save(page);
  expect((await api.items('toilets', 'limit=1')).numberMatched).toBe(before - 1);
  const told = await api.history('toilets', id);
  expect(told[0]).toMatchObject({ event: 'withdrawn', note: '已拆除，改建停车场' });
  await page.click('[data-toast-undo]');
  await page.waitForFunction((count) => document.querySelector('.layer:has([data-layer="toilets"]) .count')?.textContent === String(count), before);
});

test('what the server masks is not sent back as if it were the value', async () => {
  const id = toilets[5]!;
  const page = await edit(id);
  const masked = await page.locator('.field-told:has-text("****")').count();
  if (masked) expect(await page.inputValue('[data-field="phone"]')).toBe('');
  const sent: unknown[] = [];
  page.on('request', (request) => { if (request.method() === 'PATCH') sent.push(request.postDataJSON()); });
  await page.fill('[data-field="seats"]', '7');
  await save(page);
  expect(JSON.stringify(sent)).not.toContain('*');
});
