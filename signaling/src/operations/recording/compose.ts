import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import canonicalize from 'canonicalize';
import { sql } from 'kysely';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { FilmFile, type MadeFilm } from './FilmFile.ts';
import { filmArguments, type FilmInput, filmInputs } from './filmPlan.ts';
import { type RecordedRows, readRecorded } from './read.ts';
import { settleSegments } from './recover.ts';

/** A claim that isn't renewed for so long is free again. Seconds. */
const CLAIM_SECONDS = 120;
const RENEW_MS = 30_000;
const MOST_ATTEMPTS = 5;
/** A media node that died leaves a segment behind that is taken for lost some seconds later. */
const UNSETTLED_SECONDS = 2;
/** Others on the machine first. */
const NICENESS = '19';

interface Claim {
  readonly encounterId: string;
  readonly fileId: string;
}

/**
 * Puts together the one film of a consultation that is over, if there is one to do and nobody on this machine is at it.
 * No plaintext reaches the disk: segments are opened into pipes, what comes out of the other one is sealed.
 * @returns whether there was one
 */
export async function composeNext(services: Services): Promise<boolean> {
  const claim = await claimNext(services);
  if (claim === undefined) return false;
  const { encounterId, fileId } = claim;
  const mine = () =>
    services.db
      .updateTable('recording_composition')
      .where('encounter_id', '=', encounterId)
      .where('file_id', '=', fileId)
      .where('status', '=', 'pending');
  const renewing = setInterval(() => {
    mine()
      .set({ not_before: sql<Date>`now() + make_interval(secs => ${CLAIM_SECONDS})` })
      .execute()
      .catch((error: unknown) => services.log.warn({ err: error, encounterId }, 'claim on a film not renewed'));
  }, RENEW_MS);
  try {
    if (await settleSegments(services, encounterId)) await compose(services, claim);
    else await mine().set(putOff).execute();
  } catch (error) {
    services.log.error({ err: error, encounterId }, 'film of a recording not put together');
    await mine()
      .set({
        claimed_host: null,
        status: sql<'pending' | 'failed'>`CASE WHEN attempts >= ${MOST_ATTEMPTS} THEN 'failed' ELSE 'pending' END`,
        not_before: sql<Date>`now() + make_interval(secs => 60 * attempts)`,
      })
      .execute();
  } finally {
    clearInterval(renewing);
  }
  return true;
}

/** Not yet: no attempt that failed. */
const putOff = {
  claimed_host: null,
  attempts: sql<number>`attempts - 1`,
  not_before: sql<Date>`now() + make_interval(secs => ${UNSETTLED_SECONDS})`,
};

/** One at a time a machine: whoever claims looks and writes under one lock. */
const claimNext = (services: Services): Promise<Claim | undefined> =>
  services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, async ({ tx }) => {
    const host = hostname();
    const settle = services.config.RECORDING_SETTLE_SECONDS;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('cloud-hospital:compose', 0))`.execute(tx);
    const next = await tx
      .selectFrom('recording_composition')
      .innerJoin('encounter', 'encounter.id', 'recording_composition.encounter_id')
      .select('encounter_id')
      .where('recording_composition.status', '=', 'pending')
      .where('not_before', '<=', sql<Date>`now()`)
      .where('encounter.status', 'in', ['finished', 'cancelled'])
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('recording_composition as other')
              .select(sql`1`.as('busy'))
              .where('other.claimed_host', '=', host)
              .where('other.status', '=', 'pending')
              .where('other.not_before', '>', sql<Date>`now()`),
          ),
        ),
      )
      // The media node is still finishing its last segments.
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('recording')
              .select(sql`1`.as('unsettled'))
              .whereRef('recording.encounter_id', '=', 'recording_composition.encounter_id')
              .where((or) =>
                or.or([
                  or('stopped_at', 'is', null),
                  or('stopped_at', '>', sql<Date>`now() - make_interval(secs => ${settle})`),
                ]),
              ),
          ),
        ),
      )
      .orderBy('not_before')
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return undefined;
    const fileId = randomUUID();
    await tx
      .updateTable('recording_composition')
      .set((eb) => ({
        file_id: fileId,
        claimed_host: host,
        attempts: eb('attempts', '+', 1),
        not_before: sql<Date>`now() + make_interval(secs => ${CLAIM_SECONDS})`,
      }))
      .where('encounter_id', '=', next.encounter_id)
      .execute();
    return { encounterId: next.encounter_id, fileId };
  });

async function compose(services: Services, { encounterId, fileId }: Claim): Promise<void> {
  const rows = await readRecorded(services.db, encounterId, new Date());
  const { durationMs } = rows.timeline;
  const inputs = filmInputs(rows.segments, rows.timeline);
  const film = inputs.length === 0 ? undefined : await makeFilm(services, fileId, inputs, durationMs);
  const manifest = describe(encounterId, rows, film);
  const digest = createHash('sha256').update(manifest).digest();
  const signature = Buffer.from(await services.reportSigner.sign(digest)).toString('base64url');
  await services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
    const done = await unit.tx
      .updateTable('recording_composition')
      .set({
        status: film === undefined ? 'empty' : 'composed',
        claimed_host: null,
        duration_ms: durationMs,
        manifest,
        manifest_sha256: digest.toString('hex'),
        signature,
        key_id: services.reportSigner.keyId,
        composed_at: unit.now,
        ...(film === undefined
          ? {}
          : {
              head: film.head,
              received_bytes: film.received,
              stored_bytes: film.stored,
              sha256: film.sha256,
            }),
      })
      .where('encounter_id', '=', encounterId)
      .where('file_id', '=', fileId)
      .where('status', '=', 'pending')
      .returning('patient_id')
      .executeTakeFirst();
    if (done === undefined) return;
    unit.audit({
      action: 'recording:compose',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId: done.patient_id,
      details: { manifestSha256: digest.toString('hex') },
    });
  });
}

async function makeFilm(
  services: Services,
  fileId: string,
  inputs: readonly FilmInput[],
  durationMs: number,
): Promise<MadeFilm> {
  const file = await FilmFile.create(services.recordings.of(fileId), fileId);
  const program = spawn('nice', ['-n', NICENESS, services.config.FFMPEG, ...filmArguments(inputs, durationMs)], {
    stdio: ['ignore', 'pipe', 'pipe', ...inputs.map(() => 'pipe' as const)],
  });
  let complaint = '';
  program.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  try {
    const ended = once(program, 'close');
    const feeding = Promise.all(inputs.map((input, index) => feed(services, input, program.stdio[index + 3])));
    const output: AsyncIterable<Buffer> = program.stdout ?? Readable.from([]);
    for await (const chunk of output) await file.write(chunk);
    await Promise.all([feeding, ended]);
  } finally {
    if (program.exitCode === null) program.kill('SIGKILL');
  }
  if (program.exitCode !== 0) throw new Error(`ffmpeg failed: ${complaint}`);
  return file.finish(durationMs);
}

/** One take as the stream it was: the head once, then every segment without its own. */
async function feed(services: Services, { segments }: FilmInput, pipe: unknown): Promise<void> {
  if (!(pipe instanceof Writable)) throw new TypeError('no pipe');
  async function* stream(): AsyncGenerator<Buffer> {
    let isFirst = true;
    for (const { id, recording_id, stored_bytes, lead_bytes, header_bytes } of segments) {
      let skip = lead_bytes + (isFirst ? 0 : header_bytes);
      isFirst = false;
      for await (const chunk of services.recordings.of(recording_id).read(id, Number(stored_bytes))) {
        if (skip < chunk.length) yield chunk.subarray(skip);
        skip = Math.max(0, skip - chunk.length);
      }
    }
  }
  try {
    await pipeline(Readable.from(stream()), pipe);
  } catch (error) {
    // It has read as much of it as belongs into the film.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPIPE' && code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** RFC 8785 JSON of what was recorded, of which bytes, under which consents, and what is missing. */
function describe(encounterId: string, rows: RecordedRows, film: MadeFilm | undefined): string {
  const instant = (date: Date | null): string | null => date?.toISOString() ?? null;
  const text = canonicalize({
    version: 1,
    encounterId,
    consents: rows.consents.map((row) => ({
      consentId: row.id,
      begunAt: instant(row.recorded_at),
      endedAt: instant(row.ended_at),
      method: row.method,
      takenBy: row.recorded_by_account,
    })),
    recordings: rows.recordings.map((row) => ({
      recordingId: row.id,
      consentId: row.consent_id,
      startedAt: instant(row.started_at),
      startedBy: row.started_by_account,
      stoppedAt: instant(row.stopped_at),
      stopReason: row.stop_reason,
    })),
    segments: rows.segments.map((row) => ({
      segmentId: row.id,
      recordingId: row.recording_id,
      takeId: row.take_id,
      ordinal: row.ordinal,
      participantId: row.participant_id,
      view: row.view,
      firstAt: instant(row.first_at),
      lastAt: instant(row.last_at),
      storedBytes: Number(row.stored_bytes),
      sha256Stored: row.sha256_stored,
      sha256: row.sha256,
      recovered: row.recovered,
    })),
    gaps: rows.timeline.gaps.map(({ recordingId, participantId, reason, beganAt, endedAt }) => ({
      recordingId,
      participantId,
      reason,
      beganAt: instant(beganAt),
      endedAt: instant(endedAt),
    })),
    film:
      film === undefined
        ? null
        : {
            bytes: film.head.length + film.received,
            durationMs: rows.timeline.durationMs,
            sha256: film.sha256,
          },
  });
  if (text === undefined) throw new TypeError('a manifest that is no JSON');
  return text;
}
