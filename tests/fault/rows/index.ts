import type { FaultRow } from '../Row.ts';
import { LINE_ROWS } from './line.ts';
import { MEDIA_ROWS } from './media.ts';
import { SIGNALING_ROWS } from './signaling.ts';
import { STILL_ROWS } from './still.ts';

export const ROWS: readonly FaultRow[] = [...SIGNALING_ROWS, ...MEDIA_ROWS, ...LINE_ROWS, ...STILL_ROWS];
