import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { checkAuditChain } from '../../store/auditChain.ts';

/** How many of the newest links are recomputed at each look; the whole chain is the nightly check's matter. */
const CHECKED_LINKS = 1_000;

export interface AuditTrail {
  events: {
    sequence: number;
    recordedAt: string;
    actor: string;
    role: string;
    action: string;
    entityKind: string;
    entityId: string | null;
    outcome: 'success' | 'denied' | 'failure';
    reason: string | null;
    sealed: boolean;
  }[];
  chain: { sealed: number; unsealed: number; intact: boolean };
}

/**
 * The audit's events, newest first, and whether its chain holds. Whoever reads the trail leaves an event in it.
 * @param input.before only events with a smaller sequence
 */
export async function auditTrail(
  services: Services,
  context: ActorContext,
  input: { readonly before?: number | undefined; readonly limit: number },
): Promise<AuditTrail> {
  const chain = await checkAuditChain(services.db, CHECKED_LINKS);
  const rows = await services.commands.run(context, async (unit) => {
    let query = unit.tx
      .selectFrom('audit_event')
      .leftJoin('audit_chain', 'audit_chain.audit_event_id', 'audit_event.id')
      .selectAll('audit_event')
      .select('audit_chain.sequence')
      .orderBy('audit_event.id', 'desc')
      .limit(input.limit);
    if (input.before !== undefined) query = query.where('audit_event.id', '<', String(input.before));
    const found = await query.execute();
    unit.audit({ action: 'audit:read', entityKind: 'AuditEvent', entityId: null, details: { count: found.length } });
    return found;
  });
  return {
    events: rows.map((row) => ({
      sequence: Number(row.id),
      recordedAt: row.recorded_at.toISOString(),
      actor: row.actor_name,
      role: row.actor_role,
      action: row.action,
      entityKind: row.entity_kind,
      entityId: row.entity_id,
      outcome: row.outcome,
      reason: row.reason,
      sealed: row.sequence !== null,
    })),
    chain: { sealed: chain.sealed, unsealed: chain.unsealed, intact: chain.intact },
  };
}
