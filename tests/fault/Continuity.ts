import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';

const PROBE = new URL('./inPage/continuity.ts', import.meta.url);
const CAMERA_PLUG = new URL('./inPage/cameraPlug.ts', import.meta.url);

/** Milliseconds since the epoch, by the clock that all processes of one machine share. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Sign {
  readonly at: number;
  readonly kind: 'socket' | 'phase' | 'note';
  readonly value: string;
}

/** What a page has seen and heard of the other side since a moment. */
export interface ContinuityReport {
  readonly at: number;
  /** The longest time without a new picture, or without sound. */
  readonly picture: Interval;
  readonly sound: Interval;
  readonly lastFrame: number | null;
  readonly lastSound: number | null;
  readonly frames: readonly number[];
  /** Changes of what the page says. */
  readonly signs: readonly Sign[];
  readonly now: Readonly<Partial<Record<Sign['kind'], string>>>;
}

/** Puts the probe into every page that the context opens from now on. */
export async function watchContinuity(context: BrowserContext): Promise<void> {
  await addScript(context, PROBE);
}

/** The camera of every page that the context opens from now on can be pulled out. */
export const withPluggableCamera = (context: BrowserContext): Promise<void> => addScript(context, CAMERA_PLUG);

const addScript = async (context: BrowserContext, source: URL): Promise<void> => {
  await context.addInitScript(stripTypeScriptTypes(readFileSync(source, 'utf8')));
};

export const continuitySince = (page: Page, since: number): Promise<ContinuityReport> =>
  page.evaluate<ContinuityReport>(`continuity.report(${since})`);

export const lengthOf = ({ from, to }: Interval): number => to - from;
