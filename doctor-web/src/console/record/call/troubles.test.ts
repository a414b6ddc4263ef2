import type { CallStep, RecoveryStage } from '@cloud-hospital/protocol/rest';
import { expect, test } from 'vitest';
import { troublesOf } from './troubles.ts';

const step = (stage: RecoveryStage, second: number, sinceLoss: number): CallStep => ({
  stage,
  at: new Date(second * 1_000).toISOString(),
  sinceLossMs: sinceLoss * 1_000,
  detail: null,
});

test('steps that count from the same loss are one interruption, from the loss to the last step', () => {
  const steps = [
    step('signal-lost', 10, 0),
    step('signal-back', 11, 1),
    step('attach', 11, 1.001),
    step('video-suspended', 30, 0),
    step('media-lost', 50, 0),
    step('restart-ice', 51, 1),
    step('rejoin', 55, 5),
    step('media-back', 56.2, 6.2),
    step('attach', 90, 0),
  ];
  expect(troublesOf({ steps }).map(({ kind, from, to }) => ({ kind, from, to }))).toEqual([
    { kind: 'signal', from: 10_000, to: 11_000 },
    { kind: 'media', from: 50_000, to: 56_200 },
  ]);
});

test('a room that moved is said as that', () => {
  const steps = [step('room-moved', 5, 0), step('media-lost', 5, 0), step('media-back', 6, 1)];
  expect(troublesOf({ steps })).toMatchObject([{ kind: 'moved', from: 5_000, to: 6_000 }]);
});
