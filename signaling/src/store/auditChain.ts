import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** First link of the chain: SHA-256 of nothing sealed yet. */
export const GENESIS_HASH = Buffer.alloc(32);

export interface AuditRow {
  readonly id: string;
  readonly row: Record<string, unknown>;
}

/** The row exactly as PostgreSQL stores it, as JSON, so that any later change of any column shows. */
const rowAsJson = sql<Record<string, unknown>>`to_jsonb(audit_event.*)`;

/** @returns SHA-256(previous hash ‖ RFC 8785 JSON of the row), 32 bytes */
export function linkHash(previous: Uint8Array, row: Record<string, unknown>): Buffer {
  const text = canonicalize(row);
  if (text === undefined) throw new TypeError('an audit row must be JSON');
  return createHash('sha256').update(previous).update(text, 'utf8').digest();
}

/** Committed rows that are not in the chain, oldest first. @param afterId only rows with a greater id */
export async function unsealedRows(tx: Tx, afterId: string, limit: number): Promise<AuditRow[]> {
  return tx
    .selectFrom('audit_event')
    .leftJoin('audit_chain', 'audit_chain.audit_event_id', 'audit_event.id')
    .select(['audit_event.id', rowAsJson.as('row')])
    .where('audit_chain.sequence', 'is', null)
    .where('audit_event.id', '>', afterId)
    .orderBy('audit_event.id')
    .limit(limit)
    .execute();
}

export interface ChainCheck {
  readonly intact: boolean;
  readonly sealed: number;
  readonly unsealed: number;
  /** Sequence of the first link that doesn't fit. */
  readonly brokenAt: string | null;
}

const CHECK_BATCH = 1_000;

/** Recomputes the chain from its first link (or the last `last` links). Reads rows in batches. */
export async function checkAuditChain(db: Db, last?: number): Promise<ChainCheck> {
  const counts = await sql<{ sealed: string; events: string; head: string }>`
    SELECT (SELECT count(*) FROM audit_chain) AS sealed, (SELECT count(*) FROM audit_event) AS events,
           (SELECT coalesce(max(sequence), 0) FROM audit_chain) AS head`.execute(db);
  const { sealed = '0', events = '0', head = '0' } = counts.rows[0] ?? {};
  let from = last === undefined ? 0n : BigInt(head) - BigInt(last);
  if (from < 0n) from = 0n;
  let previous: Buffer | undefined = from === 0n ? GENESIS_HASH : undefined;
  let brokenAt: string | null = Number(sealed) === Number(head) ? null : '0';
  for (;;) {
    const links = await db
      .selectFrom('audit_chain')
      .leftJoin('audit_event', 'audit_event.id', 'audit_chain.audit_event_id')
      .select([
        'sequence',
        'previous_hash',
        'hash',
        sql<Record<string, unknown> | null>`to_jsonb(audit_event.*)`.as('row'),
      ])
      .where('sequence', '>', from.toString())
      .orderBy('sequence')
      .limit(CHECK_BATCH)
      .execute();
    for (const link of links) {
      const fits =
        link.row !== null &&
        (previous === undefined || previous.equals(link.previous_hash)) &&
        linkHash(link.previous_hash, link.row).equals(link.hash);
      if (!fits) brokenAt ??= link.sequence;
      previous = link.hash;
      from = BigInt(link.sequence);
    }
    if (links.length < CHECK_BATCH) break;
  }
  return { intact: brokenAt === null, sealed: Number(sealed), unsealed: Number(events) - Number(sealed), brokenAt };
}
