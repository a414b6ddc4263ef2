/** SQLSTATEs of unique_violation and exclusion_violation. */
const CONSTRAINT_STATES = new Set(['23505', '23P01']);

/** Name of the unique or exclusion constraint that refused a row; undefined for every other error. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
  const { code, constraint } = error;
  return typeof code === 'string' && CONSTRAINT_STATES.has(code) && typeof constraint === 'string'
    ? constraint
    : undefined;
}
