import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browse, day, matched, serve, visit, type Server } from './setup';

let server: Server;
let browser: Browser;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

beforeAll(async () => {
  server = await serve();
  browser = await browse();
});
afterAll(async () => {
  await browser?.close();
  server?.stop();
});

/** The page's policy forbids scripts from elsewhere, so the checker comes in through the debugger, not as a script tag. */
async function violations(page: Page): Promise<string[]> {
  const { readFile } = await import('node:fs/promises');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(async () => {
    const checker = (globalThis as unknown as { axe: { run: (node: Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
    const result = await checker.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
  });
}

test.each([
  ['the page as it opens', '/', [], {}],
  ['a question in English', '/?q=uncleaned-waterbodies&lang=en', [], {}],
  ['a card', '/?q=farms-near-schools~distance=2000', ['[data-row]'], {}],
  ['the export menu', '/', ['.export > button'], {}],
  ['a form to record in', '/?q=uncleaned-waterbodies', ['[data-row]', '[data-details]', '[data-form] [type="submit"]'], {}],
  ['a card with its history, and the toast', '/?q=uncleaned-waterbodies', ['[data-row]', '[data-event="cleaned"]', '[data-undo]'], {}],
  ['a form to edit in', '/?q=uncleaned-waterbodies', ['[data-row]', '[data-edit]'], {}],
  ['results picked to be dispatched', '/?q=uncleaned-waterbodies', ['[data-pick]', '[data-pick-first]'], {}],
  ['the form of a dispatch', '/?q=uncleaned-waterbodies', ['[data-pick]', '[data-pick-first]', '[data-order]'], {}],
  ['the board', '/?q=issue-board', ['[data-stage="overdue"]'], {}],
  ['the board by village in English', '/?q=issue-board&lang=en&board=village', [], {}],
  ['an issue', '/?q=issue-board', ['[data-row]'], {}],
  ['a place being asked for', '/?q=issue-board', ['[data-report]'], {}],
  ['a problem being reported', '/?q=issue-board', ['[data-report]', '[data-middle]'], {}],
  ['tallies', '/?q=tallies', [], {}],
  ['a day of the past', `/?q=uncleaned-waterbodies&day=${day(10)}`, [], {}],
  ['the phone', '/?q=uncleaned-waterbodies', [], { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ['a form on the phone', '/?q=uncleaned-waterbodies', ['[data-row]', '[data-details]'], { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ['the board on the phone', '/?q=issue-board', ['[data-time-open]'], { viewport: { width: 390, height: 844 }, hasTouch: true }],
])('%s breaks no rule of WCAG 2 A or AA that a machine can check', async (_, path, clicks, options) => {
  const { page, close } = await visit(browser, server.url, path, options);
  await matched(page);
  for (const one of clicks) await page.click(one);
  await page.waitForTimeout(700);
  expect(await violations(page)).toEqual([]);
  await close();
});

test('every control can be reached with the keyboard, and the focus is seen', async () => {
  const { page, close } = await visit(browser, server.url, '/');
  await matched(page);
  const reached = new Set<string>();
  for (let i = 0; i < 90; i++) {
    await page.keyboard.press('Tab');
    const what = await page.evaluate(() => {
      const on = document.activeElement as HTMLElement | null;
      const kind = on?.closest('.search, .actions, .left, .maplibregl-map, .map-buttons, .time, .tabs, .controls, .rows')?.className.split(' ')[0];
      const style = on ? getComputedStyle(on) : null;
      return { kind, seen: style !== null && (style.outlineStyle !== 'none' || on?.tagName === 'CANVAS') };
    });
    if (what.kind) {
      reached.add(what.kind);
      expect(what).toMatchObject({ seen: true });
    }
  }
  expect([...reached].sort()).toEqual(expect.arrayContaining(['actions', 'controls', 'left', 'map-buttons', 'search', 'tabs', 'time']));
  await close();
});
