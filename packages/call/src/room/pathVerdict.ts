/** Counters of the sending transport, one reading. */
export interface PathSample {
  /** Milliseconds, monotonic. */
  readonly at: number;
  readonly packetsSent: number;
  /** Whatever came back: RTCP of the media node, some ten times a second while pictures are sent. */
  readonly feedbackBytes: number;
}

export interface PathState {
  readonly stalled: boolean;
  /** Too early to call it dead, and reason enough to look whether the machine's network is another one. */
  readonly suspect: boolean;
  /** The reading after which nothing came back any more. */
  readonly lastAnswer: PathSample | null;
}

export const NEW_PATH: PathState = { stalled: false, suspect: false, lastAnswer: null };

/** The same for a suspicion: twice the usual time between two answers. */
const SOME_PACKETS = 6;
const SOME_WITHIN_MS = 200;

/** So much was sent without an answer within so many milliseconds: feedback to pictures comes every 100 ms. */
const MANY_PACKETS = 12;
const MANY_WITHIN_MS = 450;
/** Sound alone is answered about once a second; DTX still sends two or three packets. */
const FEW_PACKETS = 2;
const FEW_WITHIN_MS = 2_500;

/** Pure rule: whether the path is dead, after another reading. */
export function pathVerdict({ stalled, lastAnswer }: PathState, sample: PathSample): PathState {
  // Counters that fall belong to another connection.
  const answered = lastAnswer === null || sample.feedbackBytes !== lastAnswer.feedbackBytes;
  // The first reading has nothing to compare with: what was known stays.
  if (answered) return { stalled: stalled && lastAnswer === null, suspect: false, lastAnswer: sample };
  const silentMs = sample.at - lastAnswer.at;
  const sent = sample.packetsSent - lastAnswer.packetsSent;
  const dead =
    (silentMs >= MANY_WITHIN_MS && sent >= MANY_PACKETS) || (silentMs >= FEW_WITHIN_MS && sent >= FEW_PACKETS);
  const suspect = dead || (silentMs >= SOME_WITHIN_MS && sent >= SOME_PACKETS);
  return { stalled: stalled || dead, suspect, lastAnswer };
}
