/** The major version that the embedded package holds; a data directory of another one can't be opened. */
export const POSTGRES_MAJOR = '18';

/**
 * Turns the end of PostgreSQL's log into what happened and what to do.
 * @param dataDirectory as the person knows it
 */
export function explainPostgresFailure(lastLines: readonly string[], dataDirectory: string): string | undefined {
  const text = lastLines.join('\n');
  if (/No space left on device/i.test(text)) {
    return `The disk that holds the database (${dataDirectory}) is full: free some space and start again.`;
  }
  if (/incompatible with server|was initialized by PostgreSQL version/.test(text)) {
    return (
      `The database in ${dataDirectory} was made by another version of PostgreSQL, ${POSTGRES_MAJOR} is needed: ` +
      'restore a backup into a new DATA_DIR, or start with another DATA_DIR.'
    );
  }
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(text)) {
    return `Another PostgreSQL still uses ${dataDirectory}: stop it and start again.`;
  }
  const fatal = lastLines.findLast((line) => /\b(FATAL|PANIC):/.test(line));
  if (fatal === undefined) return undefined;
  const reason = fatal.replace(/^.*\b(?:FATAL|PANIC):\s*/, '');
  if (/Permission denied|has wrong ownership|invalid permissions/.test(fatal)) {
    return `The database in ${dataDirectory} can't be opened (${reason}): give its files back to their owner.`;
  }
  return (
    `The database in ${dataDirectory} can't be opened (${reason}): restore a backup (infra/backup), or move the ` +
    'directory away to begin with an empty one.'
  );
}
