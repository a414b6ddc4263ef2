import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, SCREENS } from '../support/chromium.ts';

const ROOT = fileURLToPath(new URL('../../packages/call/testPage/stage/', import.meta.url));

let directory: string;
let server: PreviewServer;
let browser: Browser;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stage-page-'));
  const outDir = { outDir: directory, emptyOutDir: true, target: 'es2024', minify: false };
  const quiet = { root: ROOT, configFile: false, logLevel: 'error' } as const;
  [, browser] = await Promise.all([build({ ...quiet, build: outDir }), launchChromium()]);
  server = await preview({ ...quiet, build: outDir, preview: { port: 0, host: '127.0.0.1' } });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

/** Where the stage is looked at: the terminal's whole screen, the console's middle column, a phone. */
const PLACES = {
  terminal: { width: 1280, height: 690, size: 'terminal' },
  console: { width: 620, height: 560, size: 'console' },
  full: { ...SCREENS.console, size: 'console' },
  phone: { width: 390, height: 700, size: 'console' },
} as const;
type Place = keyof typeof PLACES;

async function open(place: Place, people: number, screen?: number, before = ''): Promise<Page> {
  const { size, ...viewport } = PLACES[place];
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.addInitScript(before);
  const [url = ''] = server.resolvedUrls?.local ?? [];
  await page.goto(`${url}?people=${people}&size=${size}${screen === undefined ? '' : `&screen=${screen}`}`);
  // Everybody, oneself, and the screen.
  const pictures = people + 1 + (screen === undefined ? 0 : 1);
  await page.waitForFunction(
    `[...document.querySelectorAll('video')].filter((video) => video.videoWidth > 0).length === ${pictures}`,
  );
  await shoot(page, `stage-${place}-${people}${screen === undefined ? '' : '-screen'}`);
  return page;
}

/** For whoever looks at them. */
async function shoot(page: Page, name: string): Promise<void> {
  const shots = process.env['SHOTS'];
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
}

const boxesOf = (page: Page) =>
  page.evaluate<{ place: string; id: string; x: number; y: number; width: number; height: number }[]>(
    `[...document.querySelectorAll('.ch-call-tile, .ch-call-others > .ch-call-self')].map((tile) => {
      const { x, y, width, height } = tile.getBoundingClientRect();
      return { place: tile.dataset.place ?? 'self', id: tile.dataset.tile ?? 'self', x, y, width, height };
    })`,
  );
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** By how much one lies over the other, in its shorter direction; nothing or less: beside it. */
const overlap = (one: Box, other: Box): number =>
  Math.min(
    Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x),
    Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y),
  );
const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };
const mainOf = async (page: Page) => (await boxesOf(page)).find(({ place }) => place === 'main')?.id;
const peer = (index: number) => `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
const isLarge = (page: Page, id: string) => page.locator(`[data-place="main"][data-tile="${id}"]`).waitFor();

describe.each(Object.keys(PLACES) as Place[])('at the %s', (place) => {
  test.each([1, 2, 3, 5])('%i others are all on the stage, one of them large, none over another', async (people) => {
    const page = await open(place, people);
    const boxes = await boxesOf(page);
    const { width, height } = PLACES[place];
    expect(boxes).toHaveLength(people === 1 ? 1 : people + 1);
    for (const box of boxes) {
      expect(box.x).toBeGreaterThanOrEqual(-1);
      expect(box.y).toBeGreaterThanOrEqual(-1);
      expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
      expect(box.y + box.height).toBeLessThanOrEqual(height + 1);
      // Large enough for a face, and for a finger.
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    }
    const [main, ...others] = boxes.toSorted((one, other) => other.width * other.height - one.width * one.height);
    expect(main?.place).toBe('main');
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        expect(overlap(one, other), `${one.id} over ${other.id}`).toBeLessThanOrEqual(1);
      }
    }
    expect(others).toHaveLength(boxes.length - 1);
    expect(await axeViolations(page, `${place} ${people}`)).toEqual([]);
  });
});

/** Milliseconds; as the stage waits. */
const PHONE_AFTER_MS = 25_000;

test.each(['terminal', 'console', 'phone'] as const)(
  'picture and sound away for long: the number to call stands whole at the %s, also in large type',
  async (place) => {
    const page = await open(place, 1);
    await page.clock.install();
    await page.evaluate(`stagePage.patch({ phase: 'reconnecting', streams: [] })`);
    await page.clock.fastForward(PHONE_AFTER_MS + 1);
    const panel = page.locator('.ch-call-phone');
    await panel.getByText('010-88886666').waitFor();
    for (const elder of ['off', 'max']) {
      await page.evaluate(`document.documentElement.dataset.elder = '${elder}'`);
      const box = await panel.boundingBox();
      const head = await page.locator('.ch-call-head').boundingBox();
      const { width, height } = PLACES[place];
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
      expect(box?.y, 'under the sentence').toBeGreaterThanOrEqual((head?.y ?? 0) + 20);
      await shoot(page, `number-${place}-${elder}`);
      expect(await axeViolations(page, `${place} ${elder}`)).toEqual([]);
    }
    expect(await panel.getByRole('link').count()).toBe(place === 'phone' ? 1 : 0);
  },
);

test.each(['terminal', 'console', 'phone'] as const)(
  'a picture that stands still on our line is said so at the %s, also in large type',
  async (place) => {
    const page = await open(place, 1);
    await page.evaluate('stagePage.patch({ stuck: true })');
    const note = page.locator('[data-note="peer.stuck"]');
    for (const elder of ['off', 'max']) {
      await page.evaluate(`document.documentElement.dataset.elder = '${elder}'`);
      await note.waitFor();
      const box = await note.boundingBox();
      const self = await page.locator('.ch-call-self').boundingBox();
      const { width } = PLACES[place];
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      expect(overlap(box ?? NOWHERE, self ?? NOWHERE), 'clear of the own picture').toBeLessThanOrEqual(0);
      await shoot(page, `stuck-${place}-${elder}`);
      expect(await axeViolations(page, `${place} ${elder}`)).toEqual([]);
    }
  },
);

test.each(['terminal', 'console', 'phone'] as const)(
  'without a camera it is said whole at the %s, also in large type',
  async (place) => {
    const page = await open(place, 1);
    await page.evaluate(`stagePage.patch({
      problems: [{ code: 'camera-denied', since: Date.now() }],
      camera: { status: 'unavailable', deviceId: null, label: null, trackId: null },
    })`);
    for (const elder of ['off', 'max']) {
      await page.evaluate(`document.documentElement.dataset.elder = '${elder}'`);
      await page.locator('.ch-call-problem button').waitFor();
      const cut = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.ch-call-self-off, .ch-call-problem')]
          .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
          .map((one) => one.className)`,
      );
      expect(cut).toEqual([]);
      expect(await axeViolations(page, `${place} ${elder}`)).toEqual([]);
    }
  },
);

test('a shared screen is large and whole, whoever shares it small beside it', async () => {
  const page = await open('terminal', 3, 2);
  expect(await mainOf(page)).toBe(`${peer(2)} screen`);
  expect((await boxesOf(page)).map(({ id }) => id)).toEqual([peer(0), peer(1), `${peer(2)} screen`, peer(2), 'self']);
  const fit = 'getComputedStyle(document.querySelector(\'[data-kind="screen"] video\')).objectFit';
  expect(await page.evaluate(fit)).toBe('contain');
});

test('whoever speaks becomes large without a picture blinking, and is asked for in more lines than the others', async () => {
  const page = await open('terminal', 4);
  await page.evaluate('globalThis.before = [...document.querySelectorAll(".ch-call-tile video")]');
  await page.evaluate('stagePage.speak(2)');
  await isLarge(page, peer(2));
  expect(await page.evaluate('before.every((video) => video.isConnected)')).toBe(true);
  const lines = (index: number) => page.evaluate<number>(`stagePage.tileSizes()['${peer(index)} camera'] ?? 0`);
  await expect.poll(() => lines(2), { timeout: 20_000 }).toBeGreaterThan(480);
  for (const index of [0, 1, 3]) await expect.poll(() => lines(index), { timeout: 20_000 }).toBeLessThanOrEqual(240);
});

test('a press on a small picture pins it, whoever speaks; a key on the console goes round', async () => {
  const page = await open('console', 3);
  await page.locator(`[data-tile="${peer(1)}"] .ch-call-tile-pin`).click();
  await isLarge(page, peer(1));
  await page.evaluate('stagePage.speak(2)');
  expect(await mainOf(page)).toBe(peer(1));
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('p');
  await isLarge(page, peer(2));
  // Behind the last it is the stage's own choice again: whoever speaks.
  await page.keyboard.press('p');
  await page.evaluate('stagePage.speak(0)');
  await isLarge(page, peer(0));
});

/** A browser without a screen opens small windows only now and then: what the page asks of it is what is looked at. */
const SMALL_WINDOW = `
  let floating = null;
  const become = (element, event, target) => {
    floating = element;
    target.dispatchEvent(new Event(event, { bubbles: true }));
    return Promise.resolve();
  };
  Object.defineProperties(Document.prototype, {
    pictureInPictureEnabled: { get: () => true },
    pictureInPictureElement: { get: () => floating },
    exitPictureInPicture: { value: () => become(null, 'leavepictureinpicture', floating) },
  });
  HTMLVideoElement.prototype.requestPictureInPicture = function () {
    return become(this, 'enterpictureinpicture', this);
  };`;

test('the large picture goes into a small window of its own, and with it whoever becomes large', async () => {
  const page = await open('console', 2, undefined, SMALL_WINDOW);
  const inWindow = 'document.pictureInPictureElement?.closest("[data-tile]")?.dataset.tile ?? null';
  await page.keyboard.press('i');
  await page.waitForFunction(`(${inWindow}) === '${peer(0)}'`);
  await page.evaluate('stagePage.speak(1)');
  await page.waitForFunction(`(${inWindow}) === '${peer(1)}'`);
  await page.keyboard.press('i');
  await page.waitForFunction(`(${inWindow}) === null`);
});
