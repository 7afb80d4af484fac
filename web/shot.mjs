import { chromium } from 'playwright-core';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
const [,, ...jobs] = process.argv;
for (const job of jobs) {
  const [name, w, h, lang, id] = job.split('|');
  const page = await b.newPage({ viewport: { width: +w, height: +h } });
  page.on('pageerror', (e) => console.log('error', e.message));
  await page.goto(`http://127.0.0.1:8123/?q=${encodeURIComponent(id)}&lang=${lang}`);
  await page.waitForSelector('[data-matched]', { timeout: 30000 }).catch((e) => console.log(name, e.message));
  await page.waitForTimeout(2500);
  await page.screenshot({ path: `/tmp/shot-${name}.png` });
  await page.close();
}
await b.close();
