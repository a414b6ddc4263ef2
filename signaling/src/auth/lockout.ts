const FREE_FAILURES = 4;
const FIRST_LOCK_SECONDS = 30;
const LONGEST_LOCK_SECONDS = 900;

/**
 * How long an account rests after that many failures in a row: four are free, the fifth costs 30 s, each further one
 * twice as long, a quarter of an hour at most (a stranger must not be able to keep a doctor out for a day).
 */
export const lockSeconds = (failures: number): number =>
  failures <= FREE_FAILURES
    ? 0
    : Math.min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** (failures - FREE_FAILURES - 1));
