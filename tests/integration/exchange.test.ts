import { randomUUID } from 'node:crypto';
import type { ChatMessageId, EncounterId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../signaling/src/domain/Actor.ts';
import { createUpload } from '../../signaling/src/operations/attachment/upload.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { declineStill } from '../../signaling/src/operations/exchange/declineStill.ts';
import { getExchange } from '../../signaling/src/operations/exchange/get.ts';
import { markRead } from '../../signaling/src/operations/exchange/markRead.ts';
import { requestStill } from '../../signaling/src/operations/exchange/requestStill.ts';
import { sendMessage } from '../../signaling/src/operations/exchange/sendMessage.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { CareDistrict, type TestClinic, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;
beforeAll(async () => {
  district = await CareDistrict.create();
});
beforeEach(async () => {
  [clinic, specialist] = await Promise.all([district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(() => district.close());

async function consulting(): Promise<EncounterId> {
  const { encounterId } = await flow.walkIn();
  await flow.ready(encounterId);
  await callNext(district.services, district.context(specialist.actor));
  await flow.begin(encounterId);
  return encounterId;
}
const exchange = (actor: Actor, encounterId: EncounterId) =>
  getExchange(district.services, district.context(actor), { encounterId });
const say = (actor: Actor, encounterId: EncounterId, text: string, key?: string) =>
  sendMessage(district.services, district.context(actor, key), { encounterId, text });
const read = (actor: Actor, encounterId: EncounterId, messageId: ChatMessageId) =>
  markRead(district.services, district.context(actor), { encounterId, messageId });
const ask = (encounterId: EncounterId, key?: string) =>
  requestStill(district.services, district.context(specialist.actor, key), { encounterId });
const told = (encounterId: EncounterId, name: string) =>
  district.services.db
    .selectFrom('outbox')
    .select(['topics', 'data'])
    .where('name', '=', name)
    .where((eb) => eb(eb.ref('data', '->>').key('encounterId'), '=', encounterId))
    .execute();
const audits = (encounterId: EncounterId, action: string) =>
  district.services.db
    .selectFrom('audit_event')
    .select(['actor_account', 'outcome', 'details'])
    .where('action', '=', action)
    .where((eb) =>
      eb.or([eb('entity_id', '=', encounterId), eb(eb.ref('details', '->>').key('encounterId'), '=', encounterId)]),
    )
    .execute();

describe('chat', () => {
  test('is kept in order, told to both ends and only to them, and counted as read where it was read', async () => {
    const encounterId = await consulting();
    const hostile = '<img src=x onerror="alert(1)">';
    await say(specialist.actor, encounterId, '请把镜头靠近一点');
    const answer = await say(clinic.nurse, encounterId, hostile);
    const { messages, receipts } = await exchange(specialist.actor, encounterId);
    expect(messages.map(({ text, author }) => [text, author.role])).toEqual([
      ['请把镜头靠近一点', 'specialist'],
      [hostile, 'nurse'],
    ]);
    expect(receipts).toEqual([]);
    await read(specialist.actor, encounterId, answer.messageId);
    // An older one, said later by another tab, takes nothing back.
    await read(specialist.actor, encounterId, messages[0]?.messageId ?? answer.messageId);
    expect((await exchange(clinic.nurse, encounterId)).receipts).toEqual([
      { side: 'specialist', readUntil: answer.sentAt },
    ]);
    const events = await told(encounterId, 'chat:message');
    for (const { topics } of events) {
      expect(new Set(topics)).toEqual(
        new Set([`device:${clinic.deviceId}`, `practitioner-role:${specialist.practitionerRoleId}`]),
      );
    }
    const trail = await audits(encounterId, 'chat:write');
    expect(trail).toHaveLength(2);
    expect(JSON.stringify(trail)).not.toContain('镜头');
    await expect(district.services.db.updateTable('chat_message').set({ text: 'x' }).execute()).rejects.toThrow(
      'permission denied',
    );
  });

  test('sent twice under one key it stands there once', async () => {
    const encounterId = await consulting();
    const key = randomUUID();
    const [first, second] = await Promise.all([0, 1].map(() => say(clinic.nurse, encounterId, '好的', key)));
    expect(second).toEqual(first);
    expect((await exchange(clinic.nurse, encounterId)).messages).toHaveLength(1);
    expect(await told(encounterId, 'chat:message')).toHaveLength(1);
  });

  test('is closed to everybody else and after the end, when both still read it', async () => {
    const encounterId = await consulting();
    const message = await say(clinic.nurse, encounterId, '您好');
    const [otherClinic, other] = await Promise.all([district.clinic(), district.specialist()]);
    for (const foreign of [otherClinic.nurse, other.actor]) {
      expect((await failure(say(foreign, encounterId, '在吗'))).code).toBe('NOT_FOUND');
      expect((await failure(exchange(foreign, encounterId))).code).toBe('NOT_FOUND');
      expect((await failure(read(foreign, encounterId, message.messageId))).code).toBe('NOT_FOUND');
    }
    expect((await audits(encounterId, 'chat:write')).filter(({ outcome }) => outcome === 'denied')).toHaveLength(2);
    expect((await audits(encounterId, 'exchange:read')).filter(({ outcome }) => outcome === 'denied')).toHaveLength(4);
    const context = district.context(specialist.actor);
    const { version } = await getEncounter(district.services, context, { encounterId });
    await finish(district.services, context, { encounterId, version, outcome: 'completed' });
    expect((await failure(say(clinic.nurse, encounterId, '再见'))).code).toBe('INVALID_TRANSITION');
    expect((await exchange(specialist.actor, encounterId)).messages).toHaveLength(1);
  });
});

describe('a still that the specialist asks for', () => {
  const take = (encounterId: EncounterId, stillRequestId: string) =>
    createUpload(district.services, district.context(clinic.nurse), {
      encounterId,
      kind: 'still',
      title: '高清照片',
      // Anything of that shape; the schema has been passed at the boundary.
      stillRequestId: stillRequestId as never,
      bytes: 1_000,
    });

  test('is told to the terminal of the visit, asked again while it is missing, and answered by the upload', async () => {
    const encounterId = await consulting();
    const request = await ask(encounterId);
    expect(await ask(encounterId)).toEqual(request);
    const events = await told(encounterId, 'still:requested');
    expect(events.map(({ topics }) => topics)).toEqual([[`device:${clinic.deviceId}`], [`device:${clinic.deviceId}`]]);
    expect((await exchange(clinic.nurse, encounterId)).stillRequest).toMatchObject({ ...request, status: 'requested' });
    await take(encounterId, request.stillRequestId);
    expect((await exchange(specialist.actor, encounterId)).stillRequest?.status).toBe('taken');
    expect((await failure(take(encounterId, request.stillRequestId))).code).toBe('INVALID_TRANSITION');
    expect((await failure(take(encounterId, randomUUID()))).code).toBe('NOT_FOUND');
    expect((await ask(encounterId)).stillRequestId).not.toBe(request.stillRequestId);
  });

  test('may be discarded by staff of the clinic, once, and by nobody else', async () => {
    const encounterId = await consulting();
    const { stillRequestId } = await ask(encounterId);
    const decline = (actor: Actor, reason: 'discarded' | 'failed' = 'discarded') =>
      declineStill(district.services, district.context(actor), { stillRequestId, reason });
    const stranger = await district.clinic();
    expect((await failure(decline(stranger.nurse))).code).toBe('NOT_FOUND');
    expect((await decline(clinic.nurse)).status).toBe('discarded');
    expect((await failure(decline(clinic.nurse, 'failed'))).code).toBe('INVALID_TRANSITION');
    expect((await failure(take(encounterId, stillRequestId))).code).toBe('INVALID_TRANSITION');
  });

  test('needs a running consultation of one’s own', async () => {
    const { encounterId } = await flow.walkIn();
    await flow.consent(encounterId);
    expect((await failure(ask(encounterId))).code).toBe('INVALID_TRANSITION');
    const other = await district.specialist();
    const theirs = requestStill(district.services, district.context(other.actor), { encounterId });
    expect((await failure(theirs)).code).toBe('NOT_FOUND');
  });
});
