import type { RecoveryStage } from '@cloud-hospital/protocol/socket';
import type { CallMediaMode } from '@cloud-hospital/protocol/states';
import type { Generated } from 'kysely';

/** Tables of how calls went, as part of `schema.ts`. */

export interface CallSampleTable {
  participant_id: string;
  at: Date;
  seconds: number;
  /** One of a minute, put together of several. */
  thinned: Generated<boolean>;
  mode: CallMediaMode;
  mos: number | null;
  loss_rate: number;
  concealed_rate: number;
  round_trip_ms: number | null;
  jitter_ms: number | null;
  send_kbps: number;
  receive_kbps: number;
  send_fps: number | null;
  receive_fps: number | null;
  receive_height: number | null;
  freezes: number;
  freeze_ms: number;
}

export interface CallStepTable {
  participant_id: string;
  at: Date;
  stage: RecoveryStage;
  since_loss_ms: number;
  detail: string | null;
}

export interface CallQualityTables {
  call_sample: CallSampleTable;
  call_step: CallStepTable;
}
