import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { browse, client, day, idle, matched, serve, visit, type Row, type Server, type Visit } from './setup';

let server: Server;
let browser: Browser;
let now: Visit;
let api: ReturnType<typeof client>;
/** Five issues at villages, on their way: found, assigned and overdue, rectified, verified, closed. */
let made: string[];

const steps: readonly (readonly Record<string, unknown>[])[] = [
  [],
  [{ event: 'assigned', fields: { assignee: '赵某某', rectify_by: day(9) } }],
  [{ event: 'assigned', fields: { assignee: '钱某某', rectify_by: day(-5) } }, { event: 'rectified', by: '钱某某', note: '已清走' }],
  [{ event: 'registered' }, { event: 'rectified', by: '钱某某', note: '已清走' }, { event: 'verified', by: '孙某某' }],
  [{ event: 'registered' }, { event: 'rectified', by: '钱某某', note: '已清走' }, { event: 'verified', by: '孙某某' }, { event: 'closed' }],
];

function inside({ geometry }: Row): number[] {
  const ring = (geometry.type === 'Polygon' ? geometry.coordinates[0] : (geometry.coordinates as unknown as number[][][][])[0]![0]) as unknown as number[][];
  const [x, y] = [0, 1].map((axis) => ring.reduce((sum, one) => sum + one[axis]!, 0) / ring.length);
  return [x!, y!];
}

beforeAll(async () => {
  server = await serve();
  browser = await browse();
  api = client(server.url);
  const { features } = await api.items('settlements', 'limit=5');
  made = [];
  for (const [i, events] of steps.entries()) {
    const properties = { type: 'rubbish', status: 'found', found_on: day(25), note: `台账测试 ${i}` };
    const issue = await api.write('POST', '/collections/issues/items', { type: 'Feature', geometry: { type: 'Point', coordinates: inside(features[i]!) }, properties });
    made.push(String(issue.id));
    for (const event of events) await api.write('POST', `/collections/issues/items/${encodeURIComponent(String(issue.id))}/events`, event);
  }
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
const board = (more = ''): string => `/?q=issue-board${more}`;
const rowOf = (id: string): string => `[data-row="${id}"]`;

describe('the board', () => {
  test('counts every issue in one stage, as the server does', async () => {
    const page = await open(board());
    const count = await matched(page);
    const { features } = await api.items('issue-board');
    expect(count).toBe(features.length);
    const stages = await page.$$eval('.stage[data-stage], .exit[data-stage]:not([data-stage="overdue"])', (all) => all.map((one) => Number(one.getAttribute('data-count'))));
    expect(stages.reduce((sum, one) => sum + one, 0)).toBe(count);
    expect(Number(await page.getAttribute('[data-stage="overdue"]', 'data-count'))).toBe(features.filter((one) => one.properties.overdue === true).length);
    expect(Number(await page.getAttribute('[data-stage="rectified"]', 'data-count'))).toBe(features.filter((one) => one.properties.status === 'rectified').length);
  });

  test('narrows to a stage, to what is overdue and to a person, list and map alike, and the URL says so', async () => {
    const page = await open(board());
    await matched(page);
    await page.click('[data-stage="overdue"]');
    await page.waitForSelector(`${rowOf(made[1]!)} [data-overdue]`);
    expect(await page.textContent(`${rowOf(made[1]!)} [data-overdue]`)).toContain('超期 9 天');
    expect(await page.locator(rowOf(made[0]!)).count()).toBe(0);
    await page.selectOption('[data-filter="assignee"]', '赵某某');
    expect(new URL(page.url()).searchParams.get('board')).toBe('stage;over;p=赵某某');
    const link = page.url().slice(server.url.length);
    await now.close();
    const again = await open(link);
    await again.waitForSelector(rowOf(made[1]!));
    expect(await again.getAttribute('[data-stage="overdue"]', 'aria-pressed')).toBe('true');
    await again.click('.list-head .link');
    await again.waitForSelector(rowOf(made[0]!));
  });

  test('groups by village, person and deadline, and shows each issue once', async () => {
    const page = await open(board());
    const count = await matched(page);
    for (const by of ['village', 'assignee', 'deadline', 'stage']) {
      await page.click(`[data-by="${by}"]`);
      await page.waitForSelector(`[data-grouped="${by}"]`);
      const heads = await page.$$eval('.group-head .count', (all) => all.map((one) => Number(one.textContent)));
      const shown = await page.locator('[data-row]').count();
      // Where all rows are in sight, the headings add up.
      if (shown === count) expect([by, heads.reduce((sum, one) => sum + one, 0)]).toEqual([by, count]);
      expect(await page.textContent('.rows')).not.toMatch(/undefined|null|NaN/);
    }
  });

  test('is linked with the map both ways', async () => {
    const page = await open(board());
    await matched(page);
    await page.locator(rowOf(made[1]!)).scrollIntoViewIfNeeded();
    await page.click(rowOf(made[1]!));
    await page.waitForSelector(`[data-card="issue-board/${made[1]}"]`);
    await page.click('.card-bar .action:has-text("定位")');
    await page.waitForTimeout(800);
    await idle(page);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-card]', { state: 'detached' });
    const box = (await page.locator('[data-map]').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    if (await page.locator('.chooser').count()) await page.click('.chooser .option:has-text("台账"), .chooser .option >> nth=0');
    await page.waitForSelector('[data-card]');
  });

  test('says what to do where there is nothing yet', async () => {
    const page = await open(board('&day=2020-01-01'));
    await page.waitForSelector('[data-no-issues]');
    expect(await page.textContent('[data-no-issues]')).toContain('上报');
  });
});

describe('an issue', () => {
  test('is taken from found to closed by the steps it may take, and by no others', async () => {
    const page = await open(board(`&sel=issue-board/${made[0]}`));
    await page.waitForSelector('[data-event="registered"]');
    expect(await page.locator('[data-event="closed"]').count()).toBe(0);
    await page.click('[data-event="registered"]');
    await page.waitForSelector('.issue-head[data-status="registered"]');
    await page.click('[data-event="assigned"]');
    await page.fill('[data-field="assignee"]', '周某某');
    await page.fill('[data-field="rectify_by"]', day(-7));
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('.issue-head[data-status="assigned"]');
    expect(await page.textContent('.issue-now')).toContain('周某某');
    await page.click('[data-event="started"]');
    await page.waitForSelector('.issue-head[data-status="in_progress"]');
    await page.click('[data-event="rectified"]');
    await page.fill('[data-field="by"]', '周某某');
    await page.fill('[data-field="note"]', '已清走，附照片');
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('.issue-head[data-status="rectified"]');
    expect((await api.item('issues', made[0]!)).feature.properties.rectified_by).toBe('周某某');
  });

  test('is not verified by who rectified it: the refusal is said in words, and another person may', async () => {
    const page = await open(board(`&sel=issue-board/${made[2]}`));
    await page.waitForSelector('[data-event="verified"]');
    await page.click('[data-details]');
    await page.selectOption('[data-field="event"]', 'verified');
    await page.fill('[data-field="by"]', '钱某某');
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('.form-end .field-told.bad');
    expect((await page.textContent('.form-end .field-told.bad'))!).toMatch(/\p{Script=Han}{4}/u);
    await page.fill('[data-field="by"]', '孙某某');
    await page.click('[data-form="record"] [type="submit"]');
    await page.waitForSelector('.issue-head[data-status="verified"]');
    now.complaints.splice(0, now.complaints.length, ...now.complaints.filter((one) => !/40[0-9]|422/.test(one)));
  });

  test('that was closed can be looked back at', async () => {
    const page = await open(board(`&sel=issue-board/${made[4]}`));
    await page.waitForSelector('[data-event="held"]');
    expect(await page.locator('[data-event="relapsed"]').count()).toBe(1);
    expect(await page.locator('[data-event="assigned"]').count()).toBe(0);
  });

  test('is reported by pointing at the map', async () => {
    const page = await open(board());
    const before = await matched(page);
    await page.click('[data-report]');
    await page.waitForSelector('[data-placing]');
    const box = (await page.locator('[data-map]').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForSelector('[data-create="issues"]');
    await page.selectOption('[data-field="type"]', 'rubbish');
    await page.fill('[data-field="note"]', '路口新堆的垃圾');
    await page.click('[data-form="create"] [type="submit"]');
    await page.waitForSelector('.issue-head[data-status="found"]');
    expect((await api.items('issue-board', 'limit=1')).numberMatched).toBe(before + 1);
    await page.click('[data-toast-undo]');
    await page.waitForFunction((count) => Number(document.querySelector('[data-matched]')?.getAttribute('data-matched')) === count, before);
  });

  test('can be placed without a pointer, and given up with Escape', async () => {
    const page = await open(board());
    await matched(page);
    await page.focus('[data-report]');
    await page.keyboard.press('Enter');
    await page.click('[data-middle]');
    await page.waitForSelector('[data-create="issues"]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-create]', { state: 'detached' });
  });
});

describe('results', () => {
  test('are dispatched together, and dispatching them again opens nothing twice', async () => {
    const page = await open('/?q=farms-near-schools~distance=2000');
    await matched(page);
    const order = async (): Promise<void> => {
      await page.click('[data-pick]');
      await page.fill('.pick-first input', '3');
      await page.click('[data-pick-first]');
      await page.waitForSelector('[data-picked="3"]');
      await page.click('[data-order]');
      await page.fill('[data-field="assignee"]', '吴某某');
      await page.click('[data-choice="deadline"]');
      await page.click('[data-form="dispatch"] [type="submit"]');
      await page.waitForSelector('[data-outcome]');
    };
    await order();
    expect(await page.textContent('[data-figure="opened"] dd')).toBe('3');
    await page.click('.card-bar .action');
    await order();
    expect(await page.textContent('[data-figure="opened"] dd')).toBe('0');
    expect(await page.textContent('[data-figure="known"] dd')).toBe('3');
    await page.click('[data-to-board]');
    await matched(page);
    const { features } = await api.items('issue-board');
    const mine = features.filter((one) => one.id.startsWith('farms-near-schools'));
    expect(mine).toHaveLength(3);
    for (const one of mine) expect(one.properties).toMatchObject({ triage: 'deadline', assignee: '吴某某', rectify_by: day(-7) });
  });

  test('are picked one by one, all, or none', async () => {
    const page = await open('/?q=uncleaned-waterbodies');
    const count = await matched(page);
    await page.click('[data-pick]');
    await page.check('[data-check] >> nth=0');
    await page.waitForSelector('[data-picked="1"]');
    await page.click('[data-pick-all]');
    await page.waitForSelector(`[data-picked="${count}"]`);
    await page.click('[data-pick-all]');
    await page.waitForSelector('[data-picked="0"]');
    expect(await page.isDisabled('[data-order]')).toBe(true);
  });

  test('of a past day are not dispatched', async () => {
    const page = await open(`/?q=uncleaned-waterbodies&day=${day(1)}`);
    await matched(page);
    expect(await page.locator('[data-pick]').count()).toBe(0);
  });
});

describe('on a phone', () => {
  test('the board fits, and its buttons are a thumb wide', async () => {
    const page = await open(board(), { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    await matched(page);
    for (const selector of ['.stage >> nth=0', '[data-stage="overdue"]', '[data-by="village"]', '[data-filter="village"]', '[data-report]', '[data-time-open]']) {
      expect([selector, (await page.locator(selector).boundingBox())!.height >= 44]).toEqual([selector, true]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
