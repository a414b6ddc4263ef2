/**
 * Does something again and again, never twice at a time: a database that is away must not collect a queue of rounds.
 * @param round takes its errors itself
 * @returns what ends it
 */
export function everyRound(intervalMs: number, round: () => Promise<void>): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void round().finally(() => {
      busy = false;
    });
  }, intervalMs);
  return () => clearInterval(timer);
}
