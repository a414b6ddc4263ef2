import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { SMALL } from '../support/fakeMedia.ts';
import { readCast } from '../support/journeys/cast.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { waitForBookableDay } from '../support/journeys/nextDay.ts';
import { type Consultation, playConsultation } from '../support/journeys/playConsultation.ts';
import { Stage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';

/** Generous for a busy machine; the figures are in the demonstration's report. */
const PLAY_MS = 300_000;
const MIDNIGHT_MS = 21 * 60_000;

let stack: Stack;
let stage: Stage;
let consultation: Consultation;
const violations: string[] = [];

beforeAll(async () => {
  await waitForBookableDay();
  stack = await startWebStack();
  const journal = await Journal.create({
    directory: null,
    inspect: async (page, face, name) => {
      // Paper has no landmarks.
      if (name !== 'print') violations.push(...(await axeViolations(page, `${face}/${name}`)));
    },
  });
  stage = await Stage.open(stack.url, journal, SMALL);
  consultation = await playConsultation(await readCast(stack.url), stage.players);
}, PLAY_MS + MIDNIGHT_MS);
afterAll(async () => {
  await stage?.close();
  await stack?.stop();
});

describe('a whole consultation, from the enrolment code to the verified report', () => {
  test('it rings before it is answered, and both see each other after that', () => {
    const { terminal, specialist } = consultation.moments;
    const order = [specialist.pressed, terminal['ringing-shown'], terminal.answered];
    expect(order).toEqual(order.toSorted());
    for (const { 'first-frame': firstFrame } of [terminal, specialist]) {
      expect(firstFrame).toBeGreaterThan(terminal.answered ?? Number.POSITIVE_INFINITY);
    }
  });

  test('both send VP8 in several layers and Opus', () => {
    for (const { media } of [consultation.atTerminal, consultation.atSpecialist]) {
      expect(media.sends.audio.map(({ codec }) => codec)).toEqual(['audio/opus']);
      expect(media.receives.audio.map(({ codec }) => codec)).toEqual(['audio/opus']);
      expect(new Set(media.sends.video.map(({ codec }) => codec))).toEqual(new Set(['video/VP8']));
      expect(new Set(media.sends.video.map(({ rid }) => rid)).size).toBeGreaterThan(1);
    }
  });

  test('every page on the way is accessible', () => {
    expect(violations).toEqual([]);
  });

  test('no page complains: no error, and nothing that the content security policy refuses', () => {
    expect(stage.complaints()).toEqual([]);
  });
});
