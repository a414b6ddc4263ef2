import { type Action, AppError, ERROR_STATUS, type ErrorCode, type Face } from '@cloud-hospital/protocol';
import { contract, type ProcedureMeta } from '@cloud-hospital/protocol/rest';
import { implement, ORPCError } from '@orpc/server';
import type { DeviceIdentity } from '../domain/DeviceIdentity.ts';
import type { Actor } from '../domain/Actor.ts';
import { isPublic, needsSecondFactor, relationFor } from '../domain/rules.ts';
import type { Services } from '../Services.ts';
import type { ActorContext } from '../store/command.ts';

export type { ActorContext } from '../store/command.ts';
import { toAppError } from './errors.ts';

/** What every handler knows about its request. */
export interface RequestContext {
  readonly services: Services;
  readonly requestId: string;
  readonly face: Face;
  readonly actor: Actor | null;
  readonly device: DeviceIdentity | null;
  readonly idempotencyKey: string | undefined;
  /** The client's address, behind trusted proxies only as far as they are trusted. */
  readonly address: string;
  /** Origin that the browser sees, e.g. `https://clinic.example`; for links and QR codes. */
  readonly publicOrigin: string;
  /** Set-Cookie headers of the answer; handlers append. */
  readonly setCookies: string[];
}

const implementer = implement(contract).$context<RequestContext>();

const isErrorCode = (code: string): code is ErrorCode => code in ERROR_STATUS;

/** Rows that the clinical and administrative actions of a refused role leave. */
async function auditDenied(context: RequestContext, actor: Actor, action: string): Promise<void> {
  await context.services.commands.run({ agent: actor, requestId: context.requestId }, async (unit) => {
    unit.audit({ action, entityKind: 'Rule', entityId: null, outcome: 'denied', reason: 'role' });
    return Promise.resolve();
  });
}

/** The role's part of a rule; the relation is the operation's. @throws AppError UNAUTHENTICATED, FORBIDDEN, SECOND_FACTOR_REQUIRED */
export async function assertAllowed(context: RequestContext, rule: Action): Promise<void> {
  if (isPublic(rule)) return;
  if (context.actor === null) throw new AppError('UNAUTHENTICATED');
  if (relationFor(rule, context.actor.role) === null) {
    await auditDenied(context, context.actor, rule);
    throw new AppError('FORBIDDEN');
  }
  if (!context.actor.secondFactorVerified && needsSecondFactor(rule)) {
    throw new AppError('SECOND_FACTOR_REQUIRED', { reason: 'not-enrolled' });
  }
}

/**
 * Implements the contract. Before any handler: the rule the route names is looked up and the role checked; after it:
 * every error becomes one coded error of the contract.
 */
export const api = implementer.use(async ({ context, next, procedure, path }) => {
  const stop = context.services.metrics.httpSeconds.startTimer({ procedure: path.join('.') });
  try {
    const { rule }: ProcedureMeta = procedure['~orpc'].meta;
    await assertAllowed(context, rule);
    const result = await next();
    stop({ status: '200' });
    return result;
  } catch (error) {
    if (error instanceof ORPCError && isErrorCode(String(error.code))) {
      stop({ status: String(error.status) });
      throw error;
    }
    const known = toAppError(error);
    if (known.code === 'INTERNAL') {
      context.services.log.error(
        { err: error, requestId: context.requestId, procedure: path.join('.') },
        'request failed',
      );
    }
    stop({ status: String(ERROR_STATUS[known.code]) });
    throw new ORPCError(known.code, {
      status: ERROR_STATUS[known.code],
      data: known.details,
      message: known.code,
      cause: error,
    });
  }
});

/** The signed-in actor. Routes with a non-public rule always have one. */
export function signedIn(context: RequestContext): Actor {
  if (context.actor === null) throw new AppError('UNAUTHENTICATED');
  return context.actor;
}

/** What an operation needs to know about the request that caused it. */
export const commandContext = (context: RequestContext): ActorContext => ({
  agent: signedIn(context),
  requestId: context.requestId,
  idempotencyKey: context.idempotencyKey,
});
