// Starts the built server on the demo map and a browser that can reach nothing else.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateSync } from 'node:zlib';
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

/** Somebody with an account, made before the server starts. */
export interface Member {
  name: string;
  role: 'viewer' | 'grid_worker' | 'village' | 'planner' | 'administrator';
  villages?: readonly string[];
}

export const password = '乡图-测试-2026';

function admit(folder: string, { name, role, villages = [] }: Member): void {
  const areas = villages.flatMap((one) => ['--village', one]);
  execFileSync(binary, ['--quiet', 'account', folder, 'add', name, '--role', role, ...areas], { input: `${password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
}

/** XIANGTU_URL, when set, names a server that already runs. */
export async function serve(members: readonly Member[] = []): Promise<Server> {
  if (process.env.XIANGTU_URL && !members.length) return { url: process.env.XIANGTU_URL, stop: () => undefined };
  const folder = town();
  for (const one of members) admit(folder, one);
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

export interface Row {
  id: string;
  geometry: { type: string; coordinates: number[] };
  properties: Record<string, unknown>;
}

/** What the tests ask the server for themselves, beside the page. */
export function client(url: string): {
  items: (id: string, query?: string) => Promise<{ numberMatched: number; features: Row[] }>;
  item: (layer: string, id: string) => Promise<{ feature: Row; etag: string }>;
  history: (layer: string, id: string) => Promise<Record<string, unknown>[]>;
  write: (method: string, path: string, body: unknown, headers?: Record<string, string>) => Promise<Record<string, unknown>>;
} {
  const json = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
  const write = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Record<string, unknown>> => {
    const answer = await fetch(url + path, { method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? (JSON.parse(text) as Record<string, unknown>) : {};
  };
  return {
    items: (id, query = 'limit=10000') => json(`/collections/${id}/items?${query}`) as never,
    item: async (layer, id) => {
      const answer = await fetch(`${url}/collections/${layer}/items/${id}`);
      return { feature: (await answer.json()) as Row, etag: answer.headers.get('etag') ?? '' };
    },
    history: async (layer, id) => ((await json(`/collections/${layer}/items/${id}/events`)) as { events: Record<string, unknown>[] }).events,
    write,
  };
}

/** A photograph of one colour, as a PNG that decodes. */
export function photo(red: number, green: number, blue: number, size = 64): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) rows.set([red, green, blue], y * (1 + size * 3) + 1 + x * 3);
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(data: Buffer): number {
  let sum = ~0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}

/** A day of the town's own calendar, so many ago: where it is tomorrow already, it is so here. */
export function day(ago: number): string {
  return new Date(Date.now() - ago * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' });
}
