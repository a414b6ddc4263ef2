import type { FaultCall, Figures } from './FaultCall.ts';

export interface Goal {
  readonly figure: string;
  /** Of which share of the trials, e.g. 95; 100: of all. */
  readonly percentile: number;
  /** At most, milliseconds. */
  readonly limit: number;
}

/** One fault of the table in the project's goals. */
export interface FaultRow {
  readonly name: string;
  readonly title: string;
  readonly goals: readonly Goal[];
  /** Makes the fault, waits until it is over, and measures. Leaves everything as it was. */
  readonly play: (call: FaultCall, trial: number) => Promise<Figures>;
}

export interface Trial {
  readonly figures: Figures;
  /** Empty: it is the same consultation, with nobody more and nobody less. */
  readonly wrongs: readonly string[];
}

/** How long a ghost may stay at a media node before it counts, milliseconds. */
const GHOST_MS = 60_000;

export async function playTrial(row: FaultRow, call: FaultCall, trial: number): Promise<Trial> {
  try {
    await call.perceived(Date.now());
    const figures = await row.play(call, trial);
    const ghosts = await call.withoutGhosts(GHOST_MS);
    return { figures: { ...figures, ghosts }, wrongs: await call.wrongs() };
  } catch (error) {
    return { figures: {}, wrongs: [error instanceof Error ? error.message : String(error)] };
  }
}
