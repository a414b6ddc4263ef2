import type { Logger } from 'pino';

/**
 * Lets work run on its own. It is expected to handle its own errors; one that escapes is a mistake of ours and goes to
 * the log, because nobody else will ever see it.
 */
export function inBackground(work: Promise<unknown>, logger: Logger): void {
  work.catch((error: unknown) => {
    logger.error({ err: error }, 'work in the background failed');
  });
}
