/** pino's number for a warning; what is below stays in the log file. */
const WARNING = 40;

/**
 * What of a child's log line a person at the console should see: warnings and worse, in words.
 * @returns undefined for everything that belongs in the log file only
 */
export function summariseLogLine(line: string): string | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  if (text.startsWith('{')) return summariseJson(text);
  // PostgreSQL: only what ends it. Statement errors are the application's to report.
  if (/\bPANIC:/.test(text)) return text;
  return undefined;
}

function summariseJson(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value !== 'object' || value === null || !('level' in value) || !('msg' in value)) return undefined;
  if (typeof value.level !== 'number' || value.level < WARNING) return undefined;
  const reason =
    'err' in value && typeof value.err === 'object' && value.err !== null && 'message' in value.err
      ? `: ${String(value.err.message)}`
      : '';
  return `${String(value.msg)}${reason}`;
}
