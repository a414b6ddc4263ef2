import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Signer } from '../domain/Signer.ts';
import type { Metrics } from '../metrics.ts';
import { GENESIS_HASH, linkHash, unsealedRows } from '../store/auditChain.ts';
import type { Db } from '../store/database.ts';
import { transact } from '../store/transaction.ts';

export interface AuditSealerOptions {
  readonly db: Db;
  readonly signer: Signer;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly intervalMs: number;
  /** Signed heads are appended to `audit/heads.jsonl` in here, outside the database. */
  readonly dataDir: string;
}

const BATCH = 1_000;
/** Key of the advisory lock: one sealer works at a time, over all replicas. */
const SEALER_LOCK = 4_915_001;

/**
 * Links committed audit rows into the hash chain and signs its head. Rows commit out of order, so the chain's order is
 * the order of sealing, not of ids; a row is looked for until it is sealed.
 */
export class AuditSealer {
  readonly #options: AuditSealerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #closed = false;
  /** Rows up to this id are known to be sealed and too old for a late commit beneath them. */
  #floor = '0';

  constructor(options: AuditSealerOptions) {
    this.#options = options;
    this.#arm(0);
  }

  /** Seals all that is committed now. @returns how many rows; 0 also when another replica is at it */
  async seal(): Promise<number> {
    let total = 0;
    for (;;) {
      const sealed = await this.#sealBatch();
      total += sealed;
      if (sealed < BATCH) return total;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #arm(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.seal()
        .then(() => undefined)
        .catch((error: unknown) => this.#options.log.error({ err: error }, 'audit rows could not be sealed'))
        .finally(() => this.#arm(this.#options.intervalMs));
    }, delayMs);
  }

  async #sealBatch(): Promise<number> {
    const { db, signer, metrics } = this.#options;
    const head = await transact(db, async (tx) => {
      const lock = await sql<{ held: boolean }>`SELECT pg_try_advisory_xact_lock(${SEALER_LOCK}) AS held`.execute(tx);
      if (lock.rows[0]?.held !== true) {
        // Whoever holds the lock measures; a stale figure of ours would raise a false alarm.
        metrics.auditUnsealed.set(0);
        metrics.auditSealLagSeconds.set(0);
        return null;
      }
      const rows = await unsealedRows(tx, this.#floor, BATCH);
      metrics.auditUnsealed.set(rows.length);
      await this.#measureLag(tx, rows[0]?.id);
      if (rows.length === 0) {
        await this.#raiseFloor(tx);
        return null;
      }
      const last = await tx
        .selectFrom('audit_chain')
        .select(['sequence', 'hash'])
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      let sequence = BigInt(last?.sequence ?? '0');
      let hash = last?.hash ?? GENESIS_HASH;
      const links = rows.map(({ id, row }) => {
        const previous = hash;
        sequence += 1n;
        hash = linkHash(previous, row);
        return { sequence: sequence.toString(), audit_event_id: id, previous_hash: previous, hash };
      });
      await tx.insertInto('audit_chain').values(links).execute();
      const signature = Buffer.from(await signer.sign(hash));
      await tx
        .insertInto('audit_head')
        .values({ sequence: sequence.toString(), hash, signature, key_id: signer.keyId })
        .execute();
      return { sequence: sequence.toString(), hash, signature, count: rows.length };
    });
    if (head === null) return 0;
    await this.#publish(head);
    return head.count;
  }

  async #measureLag(tx: Parameters<typeof unsealedRows>[0], oldestId: string | undefined): Promise<void> {
    const { metrics } = this.#options;
    if (oldestId === undefined) {
      metrics.auditSealLagSeconds.set(0);
      return;
    }
    const { rows } = await sql<{ age: number }>`
      SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8 AS age
      FROM audit_event WHERE id = ${oldestId}`.execute(tx);
    metrics.auditSealLagSeconds.set(rows[0]?.age ?? 0);
  }

  async #raiseFloor(tx: Parameters<typeof unsealedRows>[0]): Promise<void> {
    const { rows } = await sql<{ floor: string }>`
      SELECT coalesce(max(id), 0)::text AS floor FROM audit_event
      WHERE recorded_at < clock_timestamp() - interval '2 minutes'`.execute(tx);
    this.#floor = rows[0]?.floor ?? this.#floor;
  }

  /** The signed head goes where an editor of the database can't reach it. */
  async #publish(head: { sequence: string; hash: Buffer; signature: Buffer }): Promise<void> {
    const { dataDir, signer } = this.#options;
    const directory = join(dataDir, 'audit');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const line = JSON.stringify({
      sequence: head.sequence,
      hash: head.hash.toString('hex'),
      signature: head.signature.toString('base64url'),
      keyId: signer.keyId,
      at: new Date().toISOString(),
    });
    await appendFile(join(directory, 'heads.jsonl'), `${line}\n`, { mode: 0o600 });
  }
}
