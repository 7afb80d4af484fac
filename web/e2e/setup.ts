// Starts the built server on the demo map and a browser that can reach nothing else.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const binary = process.env.XIANGTU_BIN ?? resolve(import.meta.dirname, '../../target/debug/xiangtu');
const demo = process.env.XIANGTU_MAP ?? resolve(import.meta.dirname, '../../maps/demo');

const flags = [
  '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
  '--disable-quic', '--no-first-run', '--no-default-browser-check', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-extensions',
  '--disable-domain-reliability', '--disable-client-side-phishing-detection', '--metrics-recording-only', '--no-pings',
  '--mute-audio', '--disable-dev-shm-usage',
  '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions',
  // Whatever is not this machine cannot be found: "no network but the server" is enforced, not hoped for.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export interface Server {
  url: string;
  stop: () => void;
}

/** A copy of the demonstration town, imported afresh: the tests neither need nor touch anybody's store. */
function town(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xiangtu-e2e-'));
  cpSync(demo, folder, { recursive: true, filter: (path) => !/store\.gpkg|generator/.test(path) });
  execFileSync(binary, ['--quiet', 'import', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

/** XIANGTU_URL, when set, names a server that already runs. */
export async function serve(): Promise<Server> {
  if (process.env.XIANGTU_URL) return { url: process.env.XIANGTU_URL, stop: () => undefined };
  const folder = town();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(binary, ['serve', folder, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${said}`);
    const healthy = await fetch(`${url}/health`).then((answer) => answer.ok, () => false);
    if (healthy) return { url, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  stop();
  throw new Error(`the server did not come up: ${said}`);
}

export function browse(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags });
}

export interface Visit {
  page: Page;
  /** What the console said and what left the origin: both should stay empty. */
  complaints: string[];
  close: () => Promise<void>;
}

export async function visit(browser: Browser, url: string, path = '/', options: BrowserContextOptions = {}, before: (page: Page) => Promise<void> = async () => undefined, ready = '[data-map][data-idle]'): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce', ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) complaints.push(`left the origin: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await before(page);
  await page.goto(url + path);
  await page.waitForSelector(ready, { timeout: 40_000 });
  return { page, complaints, close: () => context.close() };
}

/** The map has drawn all it has. */
export async function idle(page: Page): Promise<void> {
  await page.waitForSelector('[data-map][data-idle]', { timeout: 40_000 });
}

/** The number of results that the panel states, once it stands still. */
export async function matched(page: Page): Promise<number> {
  await page.waitForFunction(() => !document.querySelector('.running.on') && document.querySelector('[data-matched]'), undefined, { timeout: 30_000 });
  return Number(await page.getAttribute('[data-matched]', 'data-matched'));
}
