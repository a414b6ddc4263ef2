import type { RecordingGapReason } from '@cloud-hospital/protocol/states';

/** From one start of the recording to its stop. */
export interface TimelinePart {
  readonly recordingId: string;
  readonly startedAt: Date;
  readonly stoppedAt: Date;
}
export interface TimelineSegment {
  readonly recordingId: string;
  readonly participantId: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
}
export interface KnownGap {
  readonly recordingId: string;
  readonly participantId: string | null;
  readonly reason: RecordingGapReason;
  readonly beganAt: Date;
  readonly endedAt: Date | null;
}

/** Where something lies in what is played: the parts one behind the other. Milliseconds. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface Timeline {
  readonly durationMs: number;
  readonly parts: readonly (TimelinePart & Span)[];
  readonly gaps: readonly (KnownGap & Span)[];
}

/** Shorter is how a recorder is started and a packet is lost, not a gap, unless one was told of. Milliseconds. */
const LEAST_GAP_MS = 1_500;
/** Of what was told of, shorter is how segments meet. Milliseconds. */
const LEAST_TOLD_MS = 100;

/**
 * Lays what was recorded out, and says who wasn't recorded when: what was told of, and whatever else no segment covers.
 * Somebody counts from their first segment on; for whom there is none at all, from the beginning.
 */
export function layOutRecording(
  parts: readonly TimelinePart[],
  segments: readonly TimelineSegment[],
  known: readonly KnownGap[],
): Timeline {
  let durationMs = 0;
  const laid = parts
    .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
    .map((part) => {
      const fromMs = durationMs;
      durationMs += Math.max(0, part.stoppedAt.getTime() - part.startedAt.getTime());
      return { ...part, fromMs, toMs: durationMs };
    });
  const gaps = laid.flatMap((part) => {
    const mine = segments.filter(({ recordingId }) => recordingId === part.recordingId);
    const holes = uncovered(part, mine);
    const told = known
      .filter(({ recordingId }) => recordingId === part.recordingId)
      .map((gap) =>
        holes.filter((hole) => overlaps(hole, gap, part)).reduce((one, hole) => widened(one, hole, part), gap),
      );
    const found = holes
      .filter((hole) => lengthOf(hole, part) > LEAST_GAP_MS)
      .filter((hole) => !told.some((gap) => overlaps(hole, gap, part)));
    return [...told, ...found].map((gap) => ({ ...gap, ...placed(gap, part) }));
  });
  return { durationMs, parts: laid, gaps: gaps.toSorted((a, b) => a.fromMs - b.fromMs) };
}

/** A part's own clock on the timeline, kept inside the part. */
function placed({ beganAt, endedAt }: KnownGap, part: TimelinePart & Span): Span {
  const at = (instant: Date): number =>
    Math.min(part.toMs, Math.max(part.fromMs, part.fromMs + instant.getTime() - part.startedAt.getTime()));
  return { fromMs: at(beganAt), toMs: at(endedAt ?? part.stoppedAt) };
}

function uncovered(part: TimelinePart, segments: readonly TimelineSegment[]): KnownGap[] {
  const { recordingId } = part;
  if (segments.length === 0) {
    return [{ recordingId, participantId: null, reason: 'unknown', beganAt: part.startedAt, endedAt: part.stoppedAt }];
  }
  const people = new Set(segments.map(({ participantId }) => participantId));
  return [...people].flatMap((participantId) => {
    const own = segments
      .filter((segment) => segment.participantId === participantId)
      .toSorted((a, b) => a.firstAt.getTime() - b.firstAt.getTime());
    const gaps: KnownGap[] = [];
    let covered = own[0]?.firstAt ?? part.stoppedAt;
    for (const { firstAt, lastAt } of own) {
      if (firstAt.getTime() - covered.getTime() > LEAST_TOLD_MS) {
        gaps.push({ recordingId, participantId, reason: 'no-media', beganAt: covered, endedAt: firstAt });
      }
      if (lastAt > covered) covered = lastAt;
    }
    return gaps;
  });
}

const lengthOf = ({ beganAt, endedAt }: KnownGap, { stoppedAt }: TimelinePart): number =>
  (endedAt ?? stoppedAt).getTime() - beganAt.getTime();

/** What was told names the reason; what no segment covers, from when to when. */
function widened(gap: KnownGap, hole: KnownGap, { stoppedAt }: TimelinePart): KnownGap {
  const [one, other] = [gap.endedAt ?? stoppedAt, hole.endedAt ?? stoppedAt];
  return {
    ...gap,
    beganAt: gap.beganAt < hole.beganAt ? gap.beganAt : hole.beganAt,
    endedAt: one > other ? one : other,
  };
}

function overlaps(gap: KnownGap, other: KnownGap, part: TimelinePart): boolean {
  if (other.participantId !== null && gap.participantId !== null && other.participantId !== gap.participantId)
    return false;
  const end = (one: KnownGap): number => (one.endedAt ?? part.stoppedAt).getTime() + LEAST_GAP_MS;
  return gap.beganAt.getTime() <= end(other) && other.beganAt.getTime() <= end(gap);
}
