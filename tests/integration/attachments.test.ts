import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { EncounterId } from '@cloud-hospital/protocol';
import { EMPTY_NOTE } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../signaling/src/domain/Actor.ts';
import { createHttpApp } from '../../signaling/src/http/createHttpApp.ts';
import { annotate } from '../../signaling/src/operations/attachment/annotate.ts';
import { stopAbandonedUploads } from '../../signaling/src/operations/attachment/stopAbandoned.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { getExchange } from '../../signaling/src/operations/exchange/get.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { getReport } from '../../signaling/src/operations/report/read.ts';
import { sign } from '../../signaling/src/operations/report/sign.ts';
import type { Services } from '../../signaling/src/Services.ts';
import { EncryptedFiles } from '../../signaling/src/store/EncryptedFiles.ts';
import {
  CareDistrict,
  PASSWORD,
  type TestClinic,
  type TestResident,
  type TestSpecialist,
} from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { dicom, heic, jpeg, pdf, png, zip } from '../support/files.ts';
import { TusClient } from '../support/tusClient.ts';

const MAX_BYTES = 400_000;
let district: CareDistrict;
/** Two replicas of one deployment: the same database, the same directory. */
let urls: string[];
const servers: Server[] = [];
let clinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;

async function serve(services: Services): Promise<string> {
  const server = createServer(createHttpApp({ services, isReady: () => Promise.resolve(true) }));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

beforeAll(async () => {
  district = await CareDistrict.create({
    UPLOAD_MAX_BYTES: String(MAX_BYTES),
    UPLOAD_MAX_VISIT_BYTES: '1000000',
    UPLOAD_RESERVE_BYTES: '1',
  });
  urls = await Promise.all([serve(district.services), serve(district.services)]);
});
beforeEach(async () => {
  [clinic, specialist] = await Promise.all([district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await district.close();
});

const db = () => district.services.db;
const files = (): string => path.join(district.services.config.DATA_DIR, 'uploads');

/** Somebody's browser, signed in. */
async function client(actor: Actor, url: string = urls[0] ?? ''): Promise<TusClient> {
  const { setCookie } = await district.asSystem((unit) =>
    district.services.sessions.createForAccount(unit, {
      face: actor.face,
      accountId: actor.userId ?? '',
      practitionerRoleId: actor.practitionerRoleId,
      secondFactor: true,
      deviceId: actor.deviceId,
    }),
  );
  return new TusClient(url, actor.face, setCookie.split(';')[0] ?? '');
}
const still = (encounterId: EncounterId) => ({ encounterId, kind: 'still', title: '高清照片' });

async function consulting(): Promise<{ resident: TestResident; encounterId: EncounterId }> {
  const resident = await district.resident({ verified: true });
  const { encounterId } = await flow.checkIn(await flow.bookToday(resident, 2));
  await flow.ready(encounterId);
  await callNext(district.services, district.context(specialist.actor));
  await flow.begin(encounterId);
  return { resident, encounterId };
}
async function conclude(encounterId: EncounterId): Promise<void> {
  const context = district.context(specialist.actor);
  const { version } = await getEncounter(district.services, context, { encounterId });
  await finish(district.services, context, { encounterId, version, outcome: 'completed' });
}
const audits = async (entityId: string): Promise<string[]> => {
  const rows = await db()
    .selectFrom('audit_event')
    .select(['action', 'outcome'])
    .where('entity_id', '=', entityId)
    .orderBy('id')
    .execute();
  return rows.map(({ action, outcome }) => `${action} ${outcome}`);
};

test('a still arrives byte for byte, is nowhere on the disk in the clear, and every step leaves its trace', async () => {
  const { encounterId } = await consulting();
  const content = jpeg({ width: 4000, height: 3000, bytes: 200_000 });
  const nurse = await client(clinic.nurse);
  const { status, attachmentId } = await nurse.upload(still(encounterId), content);
  expect(status).toBe(204);

  const [attachment] = (await getExchange(district.services, district.context(specialist.actor), { encounterId }))
    .attachments;
  expect(attachment).toMatchObject({
    attachmentId,
    status: 'completed',
    contentType: 'image/jpeg',
    width: 4000,
    height: 3000,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    author: { name: clinic.nurse.name, role: 'nurse' },
  });
  const read = await (await client(specialist.actor)).download(attachmentId);
  expect(read.content.equals(content)).toBe(true);
  expect({
    type: read.headers.get('content-type'),
    sniff: read.headers.get('x-content-type-options'),
    cache: read.headers.get('cache-control'),
    disposition: read.headers.get('content-disposition')?.split(';')[0],
  }).toEqual({ type: 'image/jpeg', sniff: 'nosniff', cache: 'private, no-store', disposition: 'attachment' });
  expect(await audits(attachmentId)).toEqual([
    'attachment:write success',
    'attachment:complete success',
    'attachment:read success',
  ]);

  const stored = await readFile(path.join(files(), attachmentId.slice(0, 2), attachmentId));
  for (const at of [0, 20, content.length - 200]) expect(stored.includes(content.subarray(at, at + 32))).toBe(false);
  await expect(
    db().updateTable('attachment').set({ title: 'x' }).where('id', '=', attachmentId).execute(),
  ).rejects.toThrow('final');
  await expect(db().deleteFrom('attachment').where('id', '=', attachmentId).execute()).rejects.toThrow(
    'permission denied',
  );
});

test('a cut line costs only what had not arrived, and another replica goes on', async () => {
  const { encounterId } = await consulting();
  const content = jpeg({ bytes: 300_000 });
  const first = await client(clinic.nurse);
  const other = first.at(urls[1] ?? '');
  const { location } = await first.create(still(encounterId), content.length);
  if (location === null) throw new Error('not created');
  await first.cutPatch(location, 0, content, 150_000);
  await expect.poll(async () => (await other.head(location)).offset).toBeGreaterThan(100_000);
  const { offset } = await other.head(location);
  // Where it isn't, nothing is taken.
  expect(await other.patch(location, 0, content.subarray(0, 10))).toMatchObject({ status: 409 });
  expect(await other.patch(location, offset ?? 0, content.subarray(offset ?? 0))).toMatchObject({
    status: 204,
    offset: content.length,
  });
  const attachmentId = location.split('/').at(-1) ?? '';
  expect((await other.download(attachmentId)).content.equals(content)).toBe(true);
});

test('two that send the same part at once leave one copy of it', async () => {
  const { encounterId } = await consulting();
  const content = jpeg({ bytes: 20_000 });
  const nurse = await client(clinic.nurse);
  const { location } = await nurse.create(still(encounterId), content.length);
  if (location === null) throw new Error('not created');
  const answers = await Promise.all(
    urls.flatMap((url) => [0, 1].map(() => nurse.at(url).patch(location, 0, content.subarray(0, 9_000)))),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409]);
  await nurse.patch(location, 9_000, content.subarray(9_000));
  expect((await nurse.download(location.split('/').at(-1) ?? '')).content.equals(content)).toBe(true);
});

test('a creation whose answer was lost is the same upload the second time', async () => {
  const { encounterId } = await consulting();
  const nurse = await client(clinic.nurse);
  const key = randomUUID();
  const [first, second] = await Promise.all([0, 1].map(() => nurse.create(still(encounterId), 5_000, key)));
  expect(second?.location).toBe(first?.location);
  expect((await nurse.create(still(encounterId), 6_000, key)).code).toBe('IDEMPOTENCY_MISMATCH');
  const rows = await db().selectFrom('attachment').select('id').where('encounter_id', '=', encounterId).execute();
  expect(rows).toHaveLength(1);
});

test('a replica that ended before it looked into the file is made up for by whoever asks', async () => {
  const { encounterId } = await consulting();
  const content = jpeg();
  const nurse = await client(clinic.nurse);
  const { location } = await nurse.create(still(encounterId), content.length);
  const id = location?.split('/').at(-1) ?? '';
  // As the process left it: bytes durable, nothing else done.
  const stored = await district.services.files.append(id, { stored: 0, received: 0 }, content);
  await db()
    .updateTable('attachment')
    .set({ received_bytes: content.length, stored_bytes: stored })
    .where('id', '=', id)
    .execute();
  expect(await nurse.head(location ?? '')).toMatchObject({ status: 200, offset: content.length });
  const row = await db().selectFrom('attachment').select('status').where('id', '=', id).executeTakeFirst();
  expect(row?.status).toBe('completed');
});

describe('whose it is', () => {
  test('others get what a made-up id gets, and leave a trace', async () => {
    const { encounterId, resident } = await consulting();
    const [otherClinic, otherSpecialist] = await Promise.all([district.clinic(), district.specialist()]);
    const nurse = await client(clinic.nurse);
    const { attachmentId } = await nurse.upload(still(encounterId), jpeg());
    for (const foreign of [otherClinic.nurse, otherClinic.doctor, otherSpecialist.actor, resident.actor]) {
      const stranger = await client(foreign);
      const [real, madeUp] = await Promise.all([stranger.download(attachmentId), stranger.download(randomUUID())]);
      expect([foreign.role, real.status]).toEqual([foreign.role, 404]);
      expect(real.content.toString()).toBe(madeUp.content.toString());
      // The resident, too: this visit is at a clinic's terminal, not on the own phone.
      const refused = await stranger.create(still(encounterId), 100);
      expect([foreign.role, refused.status]).toEqual([foreign.role, 404]);
      expect((await stranger.head(`/api/uploads/${attachmentId}`)).status).toBe(404);
      const mine = district.context(foreign);
      expect((await failure(getExchange(district.services, mine, { encounterId }))).code).toBe('NOT_FOUND');
      if (foreign.role !== 'resident') {
        const layer = { rotation: 0 as const, shapes: [] };
        expect((await failure(annotate(district.services, mine, { attachmentId, baseVersion: 0, layer }))).code).toBe(
          'NOT_FOUND',
        );
      }
    }
    const trail = await audits(attachmentId);
    expect(trail.filter((entry) => entry === 'attachment:read denied')).toHaveLength(4);
    expect(trail.filter((entry) => entry === 'attachment:write denied')).toHaveLength(4);
    expect(trail.filter((entry) => entry === 'attachment:annotate denied')).toHaveLength(3);
    // Nobody without a session at all, and no foreign page.
    expect((await new TusClient(urls[0] ?? '', 'terminal', '').create(still(encounterId), 10)).status).toBe(401);
    const fromElsewhere = await fetch(`${urls[0]}/api/uploads`, {
      method: 'POST',
      headers: { ...nurse.headers, origin: 'https://elsewhere.example', 'tus-resumable': '1.0.0' },
    });
    expect(fromElsewhere.status).toBe(403);
  });

  test('the specialist of the visit may send files, and goes on with nobody else’s', async () => {
    const { encounterId } = await consulting();
    const [nurse, doctor] = await Promise.all([client(clinic.nurse), client(specialist.actor)]);
    const sent = await doctor.upload({ encounterId, kind: 'file', title: '饮食建议.pdf' }, pdf());
    expect((await nurse.download(sent.attachmentId)).headers.get('content-disposition')).toMatch(
      /^attachment; filename="file-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.pdf"$/,
    );
    const begun = await nurse.create(still(encounterId), 1_000);
    expect((await doctor.patch(begun.location ?? '', 0, Buffer.alloc(10))).status).toBe(404);
    // The terminal goes on after a change of staff.
    expect((await (await client(clinic.doctor)).patch(begun.location ?? '', 0, Buffer.alloc(10))).status).toBe(204);
  });

  test('without consent nothing is kept; after the end nothing new begins, what was on its way arrives', async () => {
    const walkIn = await flow.walkIn();
    const nurse = await client(clinic.nurse);
    expect((await nurse.create(still(walkIn.encounterId), 10)).code).toBe('CONSENT_REQUIRED');
    const { encounterId } = await consulting();
    const content = jpeg();
    const { location } = await nurse.create(still(encounterId), content.length);
    await conclude(encounterId);
    expect((await nurse.create(still(encounterId), 10)).code).toBe('INVALID_TRANSITION');
    expect((await nurse.patch(location ?? '', 0, content)).status).toBe(204);
  });

  test('the resident sees the pictures that were signed into the opinion, as they were drawn on then', async () => {
    const { encounterId, resident } = await consulting();
    const nurse = await client(clinic.nurse);
    const [shown, kept] = [
      await nurse.upload(still(encounterId), jpeg({ width: 640, height: 480 })),
      await nurse.upload(still(encounterId), jpeg()),
    ];
    const context = district.context(specialist.actor);
    const draw = (baseVersion: number, text: string) =>
      annotate(district.services, context, {
        attachmentId: shown.attachmentId,
        baseVersion,
        layer: { rotation: 90, shapes: [{ type: 'text', colour: 'red', at: [0.5, 0.5], text }] },
      });
    await draw(0, '这里');
    expect((await failure(draw(0, '那里'))).code).toBe('VERSION_CONFLICT');
    await conclude(encounterId);
    const signing = (images: (typeof shown.attachmentId)[]) =>
      sign(district.services, context, {
        encounterId,
        content: { ...EMPTY_NOTE, findings: '皮疹', images },
        password: PASSWORD,
      });
    const elsewhere = await flow.walkIn();
    await flow.consent(elsewhere.encounterId);
    const other = await nurse.upload(still(elsewhere.encounterId), jpeg());
    expect((await failure(signing([other.attachmentId]))).code).toBe('BAD_REQUEST');
    const report = await signing([shown.attachmentId]);
    await draw(1, '后来画的');

    const own = await client(resident.actor);
    expect((await own.download(shown.attachmentId)).status).toBe(200);
    expect((await own.download(kept.attachmentId)).status).toBe(404);
    const { images } = await getReport(district.services, district.context(resident.actor), report);
    expect(images).toEqual([
      {
        attachmentId: shown.attachmentId,
        width: 640,
        height: 480,
        annotation: { rotation: 90, shapes: [{ type: 'text', colour: 'red', at: [0.5, 0.5], text: '这里' }] },
      },
    ]);
    const versions = await db()
      .selectFrom('attachment_annotation')
      .select('version')
      .where('attachment_id', '=', shown.attachmentId)
      .execute();
    expect(versions).toHaveLength(2);
  });
});

describe('what it is', () => {
  const admitted: [string, Buffer, string][] = [
    ['a JPEG', jpeg(), 'image/jpeg'],
    [
      'a JPEG with a preview behind it, as phones make them',
      Buffer.concat([jpeg(), jpeg({ bytes: 50 })]),
      'image/jpeg',
    ],
    ['a PNG', png(), 'image/png'],
    ['a PDF', pdf(), 'application/pdf'],
    ['a HEIC', heic(), 'image/heic'],
    ['a DICOM', dicom(), 'application/dicom'],
  ];
  const refused: [string, Buffer][] = [
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['plain text', Buffer.from('只是文字')],
    ['an archive', Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), Buffer.alloc(40), zip()])],
    ['a GIF', Buffer.from('GIF89a\u0001\0\u0001\0\0\0\0;', 'latin1')],
    ['a program', Buffer.concat([Buffer.from('\u007fELF', 'latin1'), Buffer.alloc(60)])],
    ['a JPEG with a page behind it', Buffer.concat([jpeg(), Buffer.from('<html><script>alert(1)</script>')])],
    ['a JPEG with a script in its comment', jpeg({ comment: '*/=alert(1);/*<script>alert(1)</script>' })],
    ['a JPEG that is an archive, too', Buffer.concat([jpeg(), zip()])],
    ['a JPEG cut off', jpeg().subarray(0, 900)],
    ['a picture of ten thousand million pixels', jpeg({ width: 65_000, height: 65_000 })],
    ['a PNG that unpacks to 14 GB', png({ width: 60_000, height: 60_000 })],
    ['a PNG with something behind it', Buffer.concat([png(), Buffer.from('MZ')])],
    ['a PNG with a page in its text', png({ text: '<script>alert(1)</script>' })],
    // The archive's comment takes the rest of the picture in.
    ['a PNG with an archive in a chunk', png({ extra: zip(png().length - 33 + 4) })],
    ['a PDF with a script', pdf('/OpenAction << /S /JavaScript /JS (app.alert(1)) >>')],
    ['a PDF that hides the script’s name', pdf('/OpenAction << /S /J#61vaScript >>')],
    ['a PDF with an archive behind it', Buffer.concat([pdf(), zip()])],
    ['a page with a PDF in it', Buffer.concat([Buffer.from('<html>'), pdf()])],
    ['a DICOM with a program’s header in front', dicom(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(126)]))],
    ['a film', Buffer.concat([heic(), Buffer.from([0, 0, 0, 8]), Buffer.from('moov', 'latin1')])],
  ];

  test('is decided by the content, whatever the name says', async () => {
    const { encounterId } = await consulting();
    const nurse = await client(clinic.nurse);
    for (const [what, content, type] of admitted) {
      const { status, attachmentId } = await nurse.upload({ encounterId, kind: 'file', title: 'x.exe' }, content);
      expect([what, status]).toEqual([what, 204]);
      expect((await nurse.download(attachmentId)).headers.get('content-type')).toBe(type);
    }
    for (const [what, content] of refused) {
      const answer = await nurse.upload({ encounterId, kind: 'file', title: 'photo.jpg' }, content);
      expect([what, answer.status, answer.code]).toEqual([what, 415, 'FILE_TYPE_REFUSED']);
      expect([what, (await nurse.download(answer.attachmentId)).status]).toEqual([what, 404]);
      expect([what, (await nurse.head(`/api/uploads/${answer.attachmentId}`)).status]).toEqual([what, 415]);
      expect(await audits(answer.attachmentId)).toContain('attachment:complete failure');
      expect(await readdir(path.join(files(), answer.attachmentId.slice(0, 2)))).not.toContain(answer.attachmentId);
    }
    const { attachments } = await getExchange(district.services, district.context(clinic.nurse), { encounterId });
    expect(attachments).toHaveLength(admitted.length);
  });
});

describe('how much', () => {
  test('neither one file nor a visit grows beyond its limit', async () => {
    const { encounterId } = await consulting();
    const nurse = await client(clinic.nurse);
    expect((await nurse.create(still(encounterId), MAX_BYTES + 1)).status).toBe(413);
    for (let ordinal = 0; ordinal < 2; ordinal += 1) await nurse.create(still(encounterId), MAX_BYTES);
    expect(await nurse.create(still(encounterId), MAX_BYTES)).toMatchObject({ status: 507, code: 'STORAGE_FULL' });
    const { location } = await nurse.create(still(encounterId), 100);
    expect((await nurse.patch(location ?? '', 0, Buffer.alloc(101))).status).toBe(413);
    expect((await nurse.head(location ?? '')).offset).toBe(0);
    for (const bytes of [0, -1]) expect((await nurse.create(still(encounterId), bytes)).status).toBe(400);
    expect((await nurse.create({ ...still(encounterId), kind: 'program' }, 10)).status).toBe(400);
  });

  test('a full disk acknowledges nothing, says so, and what was there stays', async () => {
    const { encounterId } = await consulting();
    const full = {
      ...district.services,
      files: new EncryptedFiles(files(), district.services.config.secrets.fileKey, Number.MAX_SAFE_INTEGER),
    };
    const nurse = await client(clinic.nurse);
    const content = jpeg();
    const { location } = await nurse.create(still(encounterId), content.length);
    await nurse.patch(location ?? '', 0, content.subarray(0, 500));
    const onFull = nurse.at(await serve(full));
    expect(await onFull.create(still(encounterId), 10)).toMatchObject({ status: 507, code: 'STORAGE_FULL' });
    expect(await onFull.patch(location ?? '', 500, content.subarray(500))).toMatchObject({ status: 507 });
    expect((await nurse.head(location ?? '')).offset).toBe(500);
    expect((await nurse.patch(location ?? '', 500, content.subarray(500))).status).toBe(204);
    expect((await onFull.download(location?.split('/').at(-1) ?? '')).content.equals(content)).toBe(true);
  });

  test('what nobody goes on with is given up after a day; what is complete stays', async () => {
    const { encounterId } = await consulting();
    const nurse = await client(clinic.nurse);
    const done = await nurse.upload(still(encounterId), jpeg());
    const { location } = await nurse.create(still(encounterId), 1_000);
    const id = location?.split('/').at(-1) ?? '';
    await nurse.patch(location ?? '', 0, Buffer.alloc(100));
    expect(await stopAbandonedUploads(district.services)).toBe(0);
    await db()
      .updateTable('attachment')
      .set({ updated_at: sql<Date>`now() - interval '25 hours'` })
      .where('id', '=', id)
      .execute();
    expect(await stopAbandonedUploads(district.services)).toBe(1);
    expect((await nurse.head(location ?? '')).status).toBe(404);
    expect(await readdir(path.join(files(), id.slice(0, 2)))).not.toContain(id);
    expect((await nurse.download(done.attachmentId)).status).toBe(200);
    expect(await audits(id)).toContain('attachment:stop success');
  });

  test('a file that was changed on the disk is noticed', async () => {
    const store = district.services.files;
    const id = randomUUID();
    await store.create(id);
    const stored = await store.append(id, { stored: 0, received: 0 }, Buffer.alloc(100_000, 7));
    const other = randomUUID();
    await store.create(other);
    await store.append(other, { stored: 0, received: 0 }, Buffer.alloc(100_000, 9));
    await rename(path.join(files(), other.slice(0, 2), other), path.join(files(), id.slice(0, 2), id));
    const reading = async () => {
      for await (const part of store.read(id, stored)) expect(part.length).toBeGreaterThan(0);
    };
    await expect(reading()).rejects.toThrow('authenticate');
  });
});
