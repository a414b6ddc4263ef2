import type { CallSample, CallStep } from '@cloud-hospital/protocol/socket';
import type { Insertable, Selectable } from 'kysely';
import type { CallSampleTable, CallStepTable } from './callQuality.schema.ts';

export const newSampleRow = (participantId: string, sample: CallSample): Insertable<CallSampleTable> => ({
  participant_id: participantId,
  at: new Date(sample.at),
  seconds: sample.seconds,
  mode: sample.mode,
  mos: sample.mos,
  loss_rate: sample.lossRate,
  concealed_rate: sample.concealedRate,
  round_trip_ms: sample.roundTripMs,
  jitter_ms: sample.jitterMs,
  send_kbps: sample.sendKbps,
  receive_kbps: sample.receiveKbps,
  send_fps: sample.sendFps,
  receive_fps: sample.receiveFps,
  receive_height: sample.receiveHeight,
  freezes: sample.freezes,
  freeze_ms: sample.freezeMs,
});

export const toCallSample = (row: Selectable<CallSampleTable>): CallSample => ({
  at: row.at.toISOString(),
  seconds: row.seconds,
  mode: row.mode,
  mos: row.mos,
  lossRate: row.loss_rate,
  concealedRate: row.concealed_rate,
  roundTripMs: row.round_trip_ms,
  jitterMs: row.jitter_ms,
  sendKbps: row.send_kbps,
  receiveKbps: row.receive_kbps,
  sendFps: row.send_fps,
  receiveFps: row.receive_fps,
  receiveHeight: row.receive_height,
  freezes: row.freezes,
  freezeMs: row.freeze_ms,
});

export const newStepRow = (participantId: string, step: CallStep): Insertable<CallStepTable> => ({
  participant_id: participantId,
  at: new Date(step.at),
  stage: step.stage,
  since_loss_ms: step.sinceLossMs,
  detail: step.detail,
});

export const toCallStep = (row: Selectable<CallStepTable>): CallStep => ({
  at: row.at.toISOString(),
  stage: row.stage,
  sinceLossMs: row.since_loss_ms,
  detail: row.detail,
});
