// `npm run picture` takes the README's picture; an ordinary run leaves it alone.

import { expect, test } from 'vitest';
import { browse, idle, matched, serve, visit } from './setup';

test.runIf(process.env.PICTURE)('the picture shows the demonstration town and an answer', async () => {
  const server = await serve();
  const browser = await browse();
  const { page } = await visit(browser, server.url, '/?q=uncleaned-waterbodies', { viewport: { width: 1440, height: 900 } });
  expect(await matched(page)).toBeGreaterThan(0);
  await page.waitForTimeout(1000);
  await idle(page);
  await page.screenshot({ path: process.env.PICTURE! });
  await browser.close();
  server.stop();
});
