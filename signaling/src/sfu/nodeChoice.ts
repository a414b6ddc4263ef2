/** What is known of a media node when a room needs a place. */
export interface NodeCandidate {
  readonly nodeId: string;
  readonly isUp: boolean;
  readonly draining: boolean;
  /** CPU use of the busiest worker, 0–1 of a core. */
  readonly load: number;
  readonly rooms: number;
  readonly workers: number;
}

/** Differences below this are noise: then the number of rooms decides. Share of a core. */
const LOAD_STEP = 0.1;

/**
 * The least loaded node that takes new rooms: by load in steps of a tenth, then by rooms a worker, then by name, so
 * that replicas which see the same agree.
 */
export function leastLoaded<Candidate extends NodeCandidate>(
  candidates: readonly Candidate[],
  except?: string,
): Candidate | undefined {
  return candidates
    .filter((node) => node.isUp && !node.draining && node.nodeId !== except)
    .toSorted(
      (a, b) =>
        Math.floor(a.load / LOAD_STEP) - Math.floor(b.load / LOAD_STEP) ||
        a.rooms / Math.max(1, a.workers) - b.rooms / Math.max(1, b.workers) ||
        a.nodeId.localeCompare(b.nodeId),
    )[0];
}
