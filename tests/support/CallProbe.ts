import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { audioLevelBetween, type CallMoments, framesDecoded, type MediaReport } from './mediaReport.ts';

const SOURCE = new URL('./inPage/callProbe.ts', import.meta.url);

/** Puts the probe into every page that the context opens from now on. */
export async function installCallProbe(context: BrowserContext): Promise<void> {
  await context.addInitScript(stripTypeScriptTypes(readFileSync(SOURCE, 'utf8')));
}

export const readMoments = (page: Page): Promise<CallMoments> => page.evaluate<CallMoments>('callProbe.moments()');
/** Before another call on the same page. */
export const forgetMoments = (page: Page): Promise<void> => page.evaluate('callProbe.forget()');
export const readMedia = (page: Page): Promise<MediaReport> => page.evaluate<MediaReport>('callProbe.media()');

/** Speech, measured over seconds with its pauses, lies near 0.05; digital silence and comfort noise below 0.0005. */
const SILENCE = 0.002;

export interface Perception {
  readonly frames: number;
  readonly audioLevel: number;
  readonly media: MediaReport;
}

/**
 * Waits until somebody at this page sees a moving picture of the other side and hears them.
 * @returns what was perceived in the last look
 * @throws Error saying what is missing
 */
export async function perceives(page: Page, who: string, timeoutMs = 30_000): Promise<Perception> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const before = await readMedia(page);
    await page.waitForTimeout(1_500);
    const media = await readMedia(page);
    const frames = framesDecoded(media) - framesDecoded(before);
    const audioLevel = audioLevelBetween(before, media) ?? 0;
    if (frames > 2 && audioLevel > SILENCE) return { frames, audioLevel, media };
    if (performance.now() < until) continue;
    const missing = [
      frames > 2 ? null : `sees no moving picture (${frames} new frames in 1.5 s)`,
      audioLevel > SILENCE ? null : `hears nothing (level ${audioLevel.toFixed(4)})`,
    ];
    throw new Error(`The ${who} ${missing.filter((one) => one !== null).join(' and ')}.`);
  }
}
