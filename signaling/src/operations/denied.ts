import { AppError } from '@cloud-hospital/protocol';
import type { Services } from '../Services.ts';
import type { ActorContext, Idempotent, Unit } from '../store/command.ts';

/** What somebody reached for without the relation that the rule asks for. */
export interface DeniedAttempt {
  readonly action: string;
  readonly entityKind: string;
  readonly entityId: string;
  readonly patientId?: string | null;
}

/** To the client exactly NOT_FOUND; `runVisible` turns it into an AuditEvent before it leaves. */
export class ForeignObject extends AppError {
  readonly attempt: DeniedAttempt;

  constructor(attempt: DeniedAttempt) {
    super('NOT_FOUND');
    this.name = 'ForeignObject';
    this.attempt = attempt;
  }
}

/** @param exists whether the object is there, only not for this actor */
export const hiddenError = (exists: boolean, attempt: DeniedAttempt): AppError =>
  exists ? new ForeignObject(attempt) : new AppError('NOT_FOUND');

/**
 * Runs an operation whose objects may be foreign. The operation's own transaction rolls back with its error, so the
 * denial is written in one of its own. If that fails, its error is what the client gets: denied either way.
 */
export async function auditingDenials<T>(
  services: Services,
  context: ActorContext,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof ForeignObject)) throw error;
    const { attempt } = error;
    await services.commands.run({ agent: context.agent, requestId: context.requestId }, (unit) => {
      unit.audit({ ...attempt, outcome: 'denied', reason: 'relation' });
      return Promise.resolve();
    });
    throw new AppError('NOT_FOUND');
  }
}

/** `commands.run` for operations on objects that may be foreign. */
export const runVisible = <T>(
  services: Services,
  context: ActorContext,
  operation: (unit: Unit) => Promise<T>,
): Promise<T> => auditingDenials(services, context, () => services.commands.run(context, operation));

/** `commands.runOnce` for operations on objects that may be foreign. */
export const runVisibleOnce = <T>(
  services: Services,
  context: ActorContext,
  once: Idempotent<T>,
  operation: (unit: Unit) => Promise<T>,
): Promise<T> => auditingDenials(services, context, () => services.commands.runOnce(context, once, operation));
