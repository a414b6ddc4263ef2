import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { auditingDenials } from '../denied.ts';

/** Ends a transaction that must not happen. */
class OnlyRehearsed extends Error {}

/**
 * What an operation would do: it runs as it would in earnest, and everything it did is rolled back. So a preview can't say
 * anything else than what happens.
 */
export const rehearse = <T>(
  services: Services,
  context: ActorContext,
  operation: (unit: Unit) => Promise<T>,
): Promise<T> =>
  auditingDenials(services, context, async () => {
    const answers: T[] = [];
    try {
      await services.commands.run(context, async (unit) => {
        answers.push(await operation(unit));
        throw new OnlyRehearsed();
      });
    } catch (error) {
      if (!(error instanceof OnlyRehearsed)) throw error;
    }
    // The last one: a retried attempt has answered before.
    for (const answer of answers.toReversed()) return answer;
    throw new TypeError('a rehearsal without an answer');
  });
