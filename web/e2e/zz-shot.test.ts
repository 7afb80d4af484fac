import { test } from 'vitest';
import { browse, idle, matched, visit } from './setup';
test('shots', async () => {
  const browser = await browse();
  for (const [name, lang, w, h] of [['zh-desk', 'zh-CN', 1440, 900], ['en-desk', 'en-US', 1440, 900], ['zh-phone', 'zh-CN', 390, 844], ['en-phone', 'en-US', 390, 844]] as const) {
    const { page, complaints } = await visit(browser, 'http://127.0.0.1:8161', `/?q=corridor&t=2026-10-31${lang === 'en-US' ? '&lang=en' : ''}`, { viewport: { width: w, height: h }, locale: lang });
    await matched(page);
    await page.waitForTimeout(1500);
    await idle(page);
    await page.screenshot({ path: `/tmp/shot-${name}.png` });
    console.log(name, complaints, page.url());
    await page.close();
  }
  await browser.close();
}, 180_000);
