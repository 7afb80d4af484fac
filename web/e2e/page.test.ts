import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { browse, idle, matched, serve, visit, type Server, type Visit } from './setup';

let server: Server;
let browser: Browser;
let now: Visit;

beforeAll(async () => {
  server = await serve();
  browser = await browse();
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
const ask = async (what: string): Promise<{ numberMatched: number; features: { id: string; properties: Record<string, unknown> }[] }> =>
  (await fetch(`${server.url}/collections/${what}`)).json() as never;
const center = async (page: Page): Promise<string> => new URL(page.url()).hash;

describe('the page', () => {
  test('shows every layer of the server with its count, and no other', async () => {
    const page = await open();
    const { collections } = (await (await fetch(`${server.url}/collections`)).json()) as { collections: { id: string; kind?: string; analysis?: string }[] };
    const layers = collections.filter((one) => one.kind && one.kind !== 'event' && !one.analysis).map((one) => one.id);
    const shown = await page.$$eval('[data-layer]', (all) => all.map((one) => one.getAttribute('data-layer')!));
    expect(shown.sort()).toEqual(layers.sort());
    for (const id of layers) {
      const { numberMatched } = await ask(`${id}/items?limit=1`);
      const count = await page.locator('.layer', { has: page.locator(`[data-layer="${id}"]`) }).locator('.layer-row .count').textContent();
      expect([id, Number(count?.replace(/,/g, ''))]).toEqual([id, numberMatched]);
    }
  });

  test('takes a layer off the map and puts it back, and the URL says so', async () => {
    const page = await open();
    const id = (await page.getAttribute('[data-layer]', 'data-layer'))!;
    await page.click(`[data-layer="${id}"]`);
    expect(new URL(page.url()).searchParams.get('off')).toBe(id);
    expect(await page.getAttribute(`[data-layer="${id}"]`, 'aria-checked')).toBe('false');
    await page.click(`[data-layer="${id}"]`);
    expect(new URL(page.url()).searchParams.get('off')).toBeNull();
  });

  test('states the same number of results as the server for each question that fits', async () => {
    const page = await open();
    for (const tab of await page.$$('.tab:not(.unfit)')) {
      await tab.click();
      const address = (await page.getAttribute('[data-address]', 'data-address'))!;
      await page.waitForFunction((name) => document.querySelector('#answer')?.getAttribute('data-address') === name, address);
      await page.waitForTimeout(300);
      expect([address, await matched(page)]).toEqual([address, (await ask(`${address}/items?limit=1`)).numberMatched]);
    }
  });
});

describe('a question', () => {
  test('is asked anew when its slider moves, and its address stands in the URL', async () => {
    const page = await open('/?q=farms-near-schools');
    const before = await matched(page);
    await page.fill('[data-input="distance"]', '2000');
    await page.waitForFunction((count) => Number(document.querySelector('[data-matched]')?.getAttribute('data-matched')) !== count, before, { timeout: 20_000 });
    expect(new URL(page.url()).searchParams.get('q')).toBe('farms-near-schools~distance=2000');
    expect(await matched(page)).toBe((await ask('farms-near-schools~distance=2000/items?limit=1')).numberMatched);
    expect(await matched(page)).toBeGreaterThan(before);
  });

  test('by slider, by keyboard: an arrow is one step', async () => {
    const page = await open('/?q=farms-near-schools');
    await matched(page);
    await page.focus('[data-slider="distance"]');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.search.includes('distance='));
    expect(new URL(page.url()).searchParams.get('q')).toBe('farms-near-schools~distance=550');
  });

  test('left by another is come back to with the back button', async () => {
    const page = await open('/?q=farms-near-schools~distance=800');
    await page.click('#tab-uncleaned-waterbodies');
    await page.waitForFunction(() => location.search.includes('uncleaned'));
    await page.goBack();
    expect(await page.getAttribute('[data-address]', 'data-address')).toBe('farms-near-schools~distance=800');
    expect(await page.getAttribute('#tab-farms-near-schools', 'aria-selected')).toBe('true');
  });

  test('without an answer offers the step that may find one', async () => {
    const page = await open('/?q=farms-near-schools~distance=1');
    expect(await matched(page)).toBe(0);
    await page.click('.empty .button');
    await page.waitForFunction(() => !location.search.includes('distance=1&') && !location.search.endsWith('distance=1'));
  });

  test('that the server refuses is refused on the page in words, and the rest goes on working', async () => {
    const page = await open('/?q=farms-near-schools~distance=999999');
    await page.waitForSelector('.fault');
    expect((await page.textContent('.fault'))!.length).toBeGreaterThan(10);
    expect(await page.locator('[data-layer]').count()).toBeGreaterThan(3);
    now.complaints.splice(0, now.complaints.length, ...now.complaints.filter((one) => !/400/.test(one)));
  });

  test('lists the worst first, in the order of the server', async () => {
    const page = await open('/?q=farms-near-schools~distance=2000');
    await matched(page);
    const shown = await page.$$eval('[data-row]', (all) => all.map((one) => one.getAttribute('data-row')));
    const { features } = await ask('farms-near-schools~distance=2000/items?limit=5');
    expect(shown.slice(0, features.length)).toEqual(features.map((one) => String(one.id)));
  });
});

describe('list and map', () => {
  test('are linked: a row clicked brings the map to it and opens its card', async () => {
    const { bbox } = (await (await fetch(`${server.url}/map`)).json()) as { bbox: number[] };
    const page = await open(`/?q=uncleaned-waterbodies#17/${bbox[1]}/${bbox[0]}`);
    await matched(page);
    const before = await center(page);
    const id = await page.getAttribute('[data-row]', 'data-row');
    await page.click('[data-row]');
    await page.waitForSelector(`[data-card="uncleaned-waterbodies/${id}"]`);
    await page.waitForFunction((hash) => location.hash !== hash, before);
    await idle(page);
  });

  test('are linked the other way: a place clicked on the map opens the card of what lies there', async () => {
    const page = await open('/?q=uncleaned-waterbodies');
    await matched(page);
    await page.click('[data-row]');
    await page.click('.card-bar button:nth-child(2)');
    await page.waitForTimeout(1200);
    await idle(page);
    await page.keyboard.press('Escape');
    expect(await page.locator('[data-card]').count()).toBe(0);
    const box = (await page.locator('[data-map]').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    if (await page.locator('.chooser').count()) await page.click('.chooser button');
    await page.waitForSelector('[data-card]');
    expect(new URL(page.url()).searchParams.get('sel')).toBe(await page.getAttribute('[data-card]', 'data-card'));
  });

  test('the card names every attribute in the language of the page and never says undefined', async () => {
    const page = await open('/?q=farms-near-schools~distance=2000');
    await matched(page);
    await page.click('[data-row]');
    const text = (await page.textContent('.card'))!;
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    expect(await page.locator('.card dt').count()).toBeGreaterThan(3);
  });
});

describe('search', () => {
  test('comes with a slash, finds a village by its name and goes there', async () => {
    const page = await open();
    const { features } = await ask('villages/items?limit=1');
    const name = String(features[0]!.properties.name);
    await page.keyboard.press('/');
    await page.keyboard.type(name);
    await page.waitForSelector('#found-0');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-card]');
    expect(await page.textContent('.card h2')).toContain(name);
  });
});

describe('what leaves the page', () => {
  test('is the whole answer: every row of the count, as GeoJSON that parses', async () => {
    const page = await open('/?q=uncleaned-waterbodies');
    const count = await matched(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.list-head [data-format="geojson"]')]);
    const { features } = JSON.parse(await readFile(await download.path(), 'utf8')) as { features: unknown[] };
    expect(features).toHaveLength(count);
    expect(download.suggestedFilename()).toMatch(/\.geojson$/);
  });

  test('as CSV has a header and a line for every result', async () => {
    const page = await open('/?q=uncleaned-waterbodies');
    const count = await matched(page);
    await page.click('.export > button');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.export-row.first [data-format="csv"]')]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(text.trim().split(/\r?\n/)).toHaveLength(count + 1);
  });

  test('as a link restores question, layers, selection, day, language and window', async () => {
    const page = await open('/?q=farms-near-schools~distance=2000&lang=en');
    await matched(page);
    await page.click('[data-row]');
    await page.click('[data-layer="toilets"]');
    await page.waitForTimeout(800);
    await idle(page);
    await page.click('.actions .action:has-text("Share")');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const card = await page.getAttribute('[data-card]', 'data-card');
    await now.close();
    now = await visit(browser, server.url, link.slice(server.url.length));
    const again = now.page;
    await again.waitForSelector(`[data-card="${card}"]`);
    expect(again.url()).toBe(link);
    expect(await again.getAttribute('[data-address]', 'data-address')).toBe('farms-near-schools~distance=2000');
    expect(await again.getAttribute('[data-layer="toilets"]', 'aria-checked')).toBe('false');
    expect(await again.getAttribute('html', 'lang')).toBe('en');
  });
});

describe('the language', () => {
  test('changes everywhere at once and leaves no sentence behind', async () => {
    const page = await open();
    await matched(page);
    await page.click('[data-language]');
    await page.waitForFunction(() => document.documentElement.lang === 'en');
    expect(await page.textContent('.left-head h2')).toBe('Layers');
    // A badge is a picture: its one character stays what it is on the map.
    const left = await page.evaluate(() => {
      const words = document.querySelector('.left')!.cloneNode(true) as HTMLElement;
      for (const picture of words.querySelectorAll('svg, .swatch')) picture.remove();
      return words.textContent!;
    });
    expect(left).not.toMatch(/\p{Script=Han}/u);
    expect((await page.textContent('.tabs'))!).not.toMatch(/\p{Script=Han}/u);
    expect((await page.textContent('.head'))!).not.toMatch(/\p{Script=Han}/u);
  });

  test('a catalogue key is never shown in place of a sentence', async () => {
    const page = await open('/?lang=en');
    await matched(page);
    expect(await page.textContent('body')).not.toMatch(/page-[a-z]/);
  });
});

describe('on a phone', () => {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

  test('the sheet has three heights and nothing scrolls sideways', async () => {
    const page = await open('/?q=uncleaned-waterbodies', phone);
    await matched(page);
    const heights: number[] = [];
    for (let i = 0; i < 3; i++) {
      heights.push((await page.locator('.sheet').boundingBox())!.height);
      await page.focus('.handle');
      await page.keyboard.press('Enter');
    }
    expect(new Set(heights.map(Math.round)).size).toBe(3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test('rows and buttons are large enough for a thumb', async () => {
    const page = await open('/?q=uncleaned-waterbodies', phone);
    await matched(page);
    for (const selector of ['.map-buttons button', '.tab', '[data-row]', '.actions button']) {
      const box = (await page.locator(selector).first().boundingBox())!;
      expect([selector, Math.min(box.height, box.width) >= 44]).toEqual([selector, true]);
    }
  });

  test('a row tapped shows its object above the sheet', async () => {
    const page = await open('/?q=uncleaned-waterbodies', phone);
    await matched(page);
    await page.locator('[data-row]').first().scrollIntoViewIfNeeded();
    await page.tap('[data-row]');
    await page.waitForSelector('[data-card]');
    expect(await page.getAttribute('.sheet', 'data-stop')).toBe('half');
  });
});

describe('when something is missing', () => {
  test('a layer that fails says so with a way to try again, and the others stay', async () => {
    now = await visit(browser, server.url, '/', {}, async (page) => {
      await page.route('**/collections/ponds/items*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"x","status":500,"detail":"磁盘读不出来"}' }));
    });
    const { page } = now;
    const note = page.locator('.layer-note.bad');
    await note.waitFor();
    expect(await note.textContent()).toContain('磁盘读不出来');
    expect(await page.locator('.layer-note.bad').count()).toBe(1);
    await page.unroute('**/collections/ponds/items*');
    await note.locator('button').click();
    await note.waitFor({ state: 'detached' });
    now.complaints.splice(0, now.complaints.length, ...now.complaints.filter((one) => !/500/.test(one)));
  });

  test('a browser without WebGL keeps list, search and export and says what it lacks', async () => {
    now = await visit(browser, server.url, '/?q=uncleaned-waterbodies', {}, async (page) => {
      await page.addInitScript(() => {
        const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
          return kind.startsWith('webgl') ? null : (real as (...all: unknown[]) => unknown).call(this, kind, ...rest);
        } as typeof real;
      });
    }, '.map-none');
    const { page } = now;
    expect(await matched(page)).toBe((await ask('uncleaned-waterbodies/items?limit=1')).numberMatched);
    expect(await page.textContent('.map-none')).toContain('WebGL');
    expect(await page.locator('.list-head [data-format="csv"]').count()).toBe(1);
  });

  test('a layer too large to fetch whole is drawn from its tiles from afar, and its row says so', async () => {
    const asked: string[] = [];
    const tiles: number[] = [];
    now = await visit(browser, server.url, '/', {}, async (page) => {
      await page.route('**/collections', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.json()) as { collections: { id: string; count: number }[] };
        for (const one of body.collections) if (one.id === 'ponds') one.count = 300_000;
        await route.fulfill({ response: answer, json: body });
      });
      page.on('request', (request) => {
        if (request.url().includes('/collections/ponds/items')) asked.push(request.url());
      });
      page.on('response', (response) => {
        if (response.url().includes('/collections/ponds/tiles/WebMercatorQuad/')) tiles.push(response.status());
      });
    });
    const { page } = now;
    expect(await page.textContent('.layer:has([data-layer="ponds"]) .layer-note')).toContain('300,000');
    expect(asked).toEqual([]);
    expect(tiles).toContain(200);
    expect(tiles.filter((status) => status !== 200 && status !== 204)).toEqual([]);
    // What the map has drawn of them is there while the layer is, and goes with it.
    const seen = async (): Promise<string> => {
      await page.waitForSelector('[data-map][data-idle]');
      return (await page.locator('[data-map] canvas').screenshot({ clip: { x: 420, y: 120, width: 700, height: 600 } } as object)).toString('base64');
    };
    const toggle = async (): Promise<string> => {
      await page.click('[data-layer="ponds"]');
      await page.waitForTimeout(800);
      return seen();
    };
    const before = await seen();
    const without = await toggle();
    expect(without).not.toBe(before);
    expect(await toggle()).toBe(before);
    for (let i = 0; i < 3; i++) {
      await page.click('.map-buttons .pair button:first-child');
      await page.waitForTimeout(300);
    }
    await page.waitForFunction(() => Number(location.hash.slice(1).split('/')[0]) > 13);
    await page.waitForTimeout(500);
    expect(asked.length).toBeGreaterThan(0);
    for (const one of asked) expect(one).toContain('bbox=');
  });
});

describe('another day', () => {
  test('is asked of layers and of the question, and stands in the URL', async () => {
    const page = await open('/?q=uncleaned-waterbodies');
    await matched(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeURIComponent(new URL(request.url()).pathname)));
    await page.fill('[data-input="as-of"]', '2026-09-30');
    await page.locator('[data-input="as-of"]').blur();
    await page.waitForFunction(() => location.search.includes('day=2026-09-30'));
    await page.waitForTimeout(600);
    await matched(page);
    expect(asked).toContain('/collections/ponds@2026-09-30/items');
    expect(asked).toContain('/collections/uncleaned-waterbodies@2026-09-30/items');
  });
});
