import { randomBytes, randomUUID } from 'node:crypto';
import { EMPTY_NOTE } from '@cloud-hospital/protocol/rest';
import type { TransportParameters } from '@cloud-hospital/protocol/sfu';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import {
  acceptInvitation,
  declineInvitation,
  expireInvitation,
  leaveAsColleague,
} from '../../signaling/src/operations/callPeople/answerInvitation.ts';
import { describePeople, incomingInvitations } from '../../signaling/src/operations/callPeople/describe.ts';
import { inviteGuest, withdrawGuest } from '../../signaling/src/operations/callPeople/guestLinks.ts';
import { inviteColleague, withdrawInvitation } from '../../signaling/src/operations/callPeople/inviteColleague.ts';
import { enterAsGuest, openGuestLink } from '../../signaling/src/operations/callPeople/openGuestLink.ts';
import { callRecord } from '../../signaling/src/operations/encounter/callRecord.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { saveNote } from '../../signaling/src/operations/encounter/saveNote.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { encounterFacts } from '../../signaling/src/operations/report/facts.ts';
import { firstOf, opusParameters } from '../media/support.ts';
import type { SignedIn, Specialist } from '../support/callDistrict.ts';
import { CallStage, type RunningCall, type Side } from '../support/callStage.ts';
import { MediaTransport, opusStream } from '../support/MediaTransport.ts';

const ORIGIN = 'https://clinic.example';
const LEVEL_EXTENSION_ID = 10;
const OPUS_PAYLOAD_TYPE = 111;

let stage: CallStage;
const transports = new Map<string, Promise<MediaTransport>>();
beforeAll(async () => {
  stage = await CallStage.start({ replicas: 2 });
});
afterEach(async () => {
  await Promise.all([...transports.values()].map(async (transport) => (await transport).close()));
  transports.clear();
});
afterAll(() => stage?.stop());

const services = () => stage.replica().services;
const db = () => services().db;
/** As whoever has that session, with a key of its own each time. */
async function as(who: SignedIn) {
  const { actor } = await services().sessions.resolve(who.cookie, who.face);
  if (actor === null) throw new Error('no session');
  return { agent: actor, requestId: 'test', idempotencyKey: randomUUID(), publicOrigin: ORIGIN };
}
const audits = async (action: string, entityId: string) =>
  db()
    .selectFrom('audit_event')
    .select(['outcome', 'reason', 'actor_role'])
    .where('action', '=', action)
    .where('entity_id', '=', entityId)
    .orderBy('id')
    .execute();

const newKey = (): string => randomBytes(32).toString('base64url');
/** A guest's link, as the code on the screen holds it. */
async function linkFor({ encounterId, specialist }: RunningCall): Promise<{ token: string; guestLinkId: string }> {
  const { guestLinkId } = await inviteGuest(services(), await as(specialist), { encounterId, kind: 'family' });
  const { guests } = await describePeople(services(), await as(specialist), { encounterId });
  const link = guests.find((one) => one.guestLinkId === guestLinkId)?.link ?? '';
  expect(link).toMatch(/^https:\/\/clinic\.example\/g#[\w-]{43}$/);
  return { token: link.split('#')[1] ?? '', guestLinkId };
}
const request = { requestId: 'test' };
/** Somebody came by that link, and is in the room. */
async function guestIn(call: RunningCall, replica = stage.replica(1)) {
  const { token, guestLinkId } = await linkFor(call);
  const { setCookie } = await enterAsGuest(services(), request, { token, key: newKey(), name: '小陈' });
  const who: SignedIn = { cookie: setCookie.split(';')[0] ?? '', sessionId: '', face: 'guest' };
  const side = await stage.join(await stage.connect(who, replica), call.encounterId);
  return { side, token, guestLinkId, who };
}
/** A colleague who was asked and said yes, and is in the room. */
async function colleagueIn(call: RunningCall) {
  const colleague = await stage.district.specialist();
  const { invitationId } = await inviteColleague(services(), await as(call.specialist), {
    encounterId: call.encounterId,
    practitionerRoleId: roleOf(colleague),
    purpose: 'consult',
    note: '请看一下心电图',
  });
  await acceptInvitation(services(), await as(colleague), { invitationId });
  const side = await stage.join(await stage.connect(colleague, stage.replica(1)), call.encounterId);
  return { colleague, invitationId, side };
}
// The test's own rows: their ids are valid.
const roleOf = ({ practitionerRoleId }: Specialist) =>
  practitionerRoleId as Parameters<typeof inviteColleague>[2]['practitionerRoleId'];

/** Brings ICE and DTLS of one transport up, once. */
function warm({ browser, joined }: Side, parameters: TransportParameters): Promise<MediaTransport> {
  const { roomId, epoch } = joined;
  const { transportId } = parameters;
  const known = transports.get(transportId);
  if (known !== undefined) return known;
  const transport = MediaTransport.connect(parameters, (dtlsParameters) =>
    browser.request('transport:connect', { roomId, epoch, transportId, dtlsParameters }),
  );
  transports.set(transportId, transport);
  return transport;
}
/** One side speaks and another hears it. @returns how many packets have come */
async function hearing(speaker: Side, listener: Side): Promise<() => number> {
  const [sending, receiving] = await Promise.all([
    warm(speaker, speaker.joined.sendTransport),
    warm(listener, listener.joined.recvTransport),
  ]);
  const rtpParameters = opusParameters();
  const producerId = await stage.speak(speaker, rtpParameters);
  const { consumer } = await listener.browser.hears(
    'consumer:created',
    (data) => data.consumer.producerId === producerId,
  );
  const { roomId, epoch } = listener.joined;
  await listener.browser.request('consumer:resume', { roomId, epoch, consumerId: consumer.consumerId });
  const from = firstOf(rtpParameters.encodings ?? []).ssrc ?? 0;
  sending.stream(opusStream(from, OPUS_PAYLOAD_TYPE, LEVEL_EXTENSION_ID), 20);
  const ssrc = firstOf(consumer.rtpParameters.encodings ?? []).ssrc ?? 0;
  const heard = (): number => receiving.packetsOf(ssrc).length;
  await flows(heard);
  return heard;
}
const flows = async (heard: () => number): Promise<void> => {
  const before = heard();
  await vi.waitFor(() => expect(heard()).toBeGreaterThan(before + 5), { timeout: 5_000 });
};
/** Whatever was on its way has arrived after some packets of another stream; nothing more comes. */
async function isSilent(heard: () => number, clock: () => number): Promise<void> {
  await flows(clock);
  const before = heard();
  await flows(clock);
  await flows(clock);
  expect(heard()).toBe(before);
}
const rightsIn = async ({ inRoom }: RunningCall) =>
  new Map((await stage.peersIn(inRoom.roomId)).map(({ peerId, rights }) => [peerId, rights]));

describe('a guest’s link', () => {
  test('lets its guest measure the line before the room is entered', async () => {
    const call = await stage.answered();
    const { token } = await linkFor(call);
    const { setCookie } = await enterAsGuest(services(), request, { token, key: newKey(), name: '小陈' });
    const guest = await stage.connect({ cookie: setCookie.split(';')[0] ?? '', sessionId: '', face: 'guest' });
    const { sendTransport } = await guest.request('line-test:start', {});
    expect(sendTransport.transportId).toBeTruthy();
    await guest.request('line-test:end', {});
  });

  test('opens for one browser, and for nobody once it expired, was withdrawn or never was', async () => {
    const call = await stage.answered();
    const { token, guestLinkId } = await linkFor(call);
    const [first, second] = [newKey(), newKey()];
    const seen = await openGuestLink(services(), request, { token, key: first });
    expect(seen).toMatchObject({ kind: 'family', name: null, patientNameMasked: '王*', specialistName: '李医生' });
    // The same browser again, as after a reload; then another one.
    await openGuestLink(services(), request, { token, key: first });
    await expect(openGuestLink(services(), request, { token, key: second })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(enterAsGuest(services(), request, { token, key: second, name: '陌生人' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await audits('guest-link:open', guestLinkId)).toMatchObject([
      { outcome: 'success' },
      { outcome: 'denied', reason: 'opened-elsewhere' },
    ]);

    const late = await linkFor(call);
    await db()
      .updateTable('guest_link')
      .set({ open_until: new Date(0) })
      .where('id', '=', late.guestLinkId)
      .execute();
    await expect(openGuestLink(services(), request, { token: late.token, key: first })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const taken = await linkFor(call);
    await withdrawGuest(services(), await as(call.clinic.terminal), {
      encounterId: call.encounterId,
      guestLinkId: taken.guestLinkId,
    });
    for (const one of [taken.token, newKey()]) {
      await expect(openGuestLink(services(), request, { token: one, key: first })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });

  test('is made by those of the call only, and only while it runs', async () => {
    const [call, ringing] = [await stage.answered(), await stage.ringing()];
    const stranger = await stage.district.specialist();
    await expect(
      inviteGuest(services(), await as(stranger), { encounterId: call.encounterId, kind: 'family' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await audits('guest:invite', call.encounterId)).toMatchObject([{ outcome: 'denied' }]);
    await expect(
      inviteGuest(services(), await as(ringing.specialist), { encounterId: ringing.encounterId, kind: 'interpreter' }),
    ).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    await inviteGuest(services(), await as(call.clinic.terminal), { encounterId: call.encounterId, kind: 'family' });
    // Where a phone is given the link goes there, too; the text names no specialty and nothing of the complaint.
    const phone = '19912345678';
    await inviteGuest(services(), await as(call.specialist), {
      encounterId: call.encounterId,
      kind: 'interpreter',
      phone,
    });
    const sent = await db().selectFrom('communication').select(['kind', 'text']).where('phone', '=', phone).execute();
    expect(sent).toEqual([{ kind: 'guest-link', text: expect.stringMatching(/王\* 的会诊.*\/g#[\w-]{43}$/) }]);
  });

  test('gives the right to this room and to nothing else', async () => {
    const [call, other] = [await stage.answered(), await stage.answered()];
    const { side, who } = await guestIn(call);
    expect(side.joined.rights).toBe('active');
    await expect(stage.join(side.browser, other.encounterId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const name of ['call:answer', 'call:hold', 'room:remove', 'call:leave'] as const) {
      expect(await side.browser.ask(name, { encounterId: call.encounterId })).toMatchObject({
        ok: false,
        error: { code: 'FORBIDDEN' },
      });
    }
    await expect(getEncounter(services(), await as(who), { encounterId: call.encounterId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(call.doctor.browser.heard.some(({ name }) => name === 'peer:joined')).toBe(true);
    const told = await call.doctor.browser.hears('peer:joined', ({ peer }) => peer.guest === 'family');
    expect(told.peer).toMatchObject({ role: 'guest', displayName: '小陈', title: null });
  });

  test('is dead with the removal: media is cut by the time it is acknowledged, the session ends', async () => {
    const call = await stage.answered();
    const { side, token, guestLinkId, who } = await guestIn(call);
    const toGuest = await hearing(call.terminal, side);
    const toDoctor = await hearing(call.terminal, call.doctor);
    const { peerId } = side.joined;
    await call.doctor.browser.request('room:remove', { encounterId: call.encounterId, peerId });
    // Acknowledged means cut.
    expect((await rightsIn(call)).has(peerId)).toBe(false);
    await isSilent(toGuest, toDoctor);
    expect(await side.browser.hears('call:ended')).toMatchObject({ reason: 'removed' });
    expect(await call.doctor.browser.hears('peer:left', (data) => data.peerId === peerId)).toBeDefined();
    await side.browser.disconnected;
    await expect(stage.connect(who)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(openGuestLink(services(), request, { token, key: newKey() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await audits('participant:remove', call.encounterId)).toMatchObject([{ outcome: 'success' }]);
    const { end_reason: reason } = await db()
      .selectFrom('guest_link')
      .select('end_reason')
      .where('id', '=', guestLinkId)
      .executeTakeFirstOrThrow();
    expect(reason).toBe('removed');
    // Neither side of the call can be put out of it.
    await expect(
      call.terminal.browser.request('room:remove', {
        encounterId: call.encounterId,
        peerId: call.doctor.joined.peerId,
      }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('ends with the consultation', async () => {
    const call = await stage.answered();
    const { side, guestLinkId } = await guestIn(call);
    const { version } = await getEncounter(services(), await as(call.specialist), { encounterId: call.encounterId });
    await finish(services(), await as(call.specialist), {
      encounterId: call.encounterId,
      version,
      outcome: 'completed',
    });
    expect(await side.browser.hears('call:ended')).toMatchObject({ reason: 'finished' });
    await vi.waitFor(async () => expect((await rightsIn(call)).size).toBe(0));
    const row = db().selectFrom('guest_link').select('end_reason').where('id', '=', guestLinkId);
    expect((await row.executeTakeFirstOrThrow()).end_reason).toBe('call-ended');
    // Who was there and when stays, for the call's record and for what is signed.
    const { sides } = await callRecord(services(), await as(call.specialist), { encounterId: call.encounterId });
    const guest = sides.find((one) => one.guest === 'family');
    expect(guest).toMatchObject({ name: '小陈', presence: [{ to: expect.any(String) }] });
    const { presence } = await services().commands.run({ agent: SYSTEM, requestId: 'test' }, (unit) =>
      encounterFacts(unit, call.encounterId),
    );
    expect(presence.map(({ role, intervals }) => [role, intervals.length])).toEqual([
      ['guest', 1],
      ['specialist', 1],
      ['terminal', 1],
    ]);
  });
});

describe('a colleague', () => {
  test('is asked, sees nothing before the answer, the chart while in the call, and nothing after it', async () => {
    const call = await stage.answered();
    const colleague = await stage.district.specialist();
    const console = await stage.connect(colleague, stage.replica(1));
    const { encounterId } = call;
    const { invitationId } = await inviteColleague(services(), await as(call.specialist), {
      encounterId,
      practitionerRoleId: roleOf(colleague),
      purpose: 'consult',
      note: '请看一下心电图',
    });
    await console.hears('people:changed');
    const [rung] = (await incomingInvitations(services(), await as(colleague))).invitations;
    expect(rung).toMatchObject({ state: 'ringing', note: '请看一下心电图', patientName: null });
    const chart = async () => getEncounter(services(), await as(colleague), { encounterId });
    await expect(chart()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(stage.join(console, encounterId)).rejects.toMatchObject({ code: 'NOT_FOUND' });

    await acceptInvitation(services(), await as(colleague), { invitationId });
    expect((await chart()).patient.name).toBe('王某');
    expect(await audits('encounter:read', encounterId)).toMatchObject([{ outcome: 'denied' }, { outcome: 'success' }]);
    const side = await stage.join(console, encounterId);
    expect(side.joined).toMatchObject({ rights: 'active' });
    await hearing(side, call.terminal);
    // Sees and talks, decides nothing.
    await expect(
      saveNote(services(), await as(colleague), { encounterId, baseVersion: 0, content: EMPTY_NOTE }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(side.browser.request('call:hold', { encounterId, hold: true })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    // Whoever is in a call calls nobody.
    await stage.district.visit(await stage.district.clinic(), colleague, 'waiting');
    await expect(callNext(services(), await as(colleague))).rejects.toMatchObject({ code: 'ALREADY_CALLED' });

    await leaveAsColleague(services(), await as(colleague), { invitationId });
    await vi.waitFor(async () => expect((await rightsIn(call)).has(side.joined.peerId)).toBe(false));
    await expect(chart()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await callNext(services(), await as(colleague));
    expect((await rightsIn(call)).get(call.doctor.joined.peerId)).toBe('active');
  });

  test('who declines, doesn’t answer, or is no longer asked, changes nothing', async () => {
    const call = await stage.answered();
    const { encounterId } = call;
    for (const end of ['declined', 'unanswered', 'withdrawn'] as const) {
      const colleague = await stage.district.specialist();
      const { invitationId } = await inviteColleague(services(), await as(call.specialist), {
        encounterId,
        practitionerRoleId: roleOf(colleague),
        purpose: 'transfer',
        reason: 'clinical',
        note: '',
      });
      if (end === 'declined') await declineInvitation(services(), await as(colleague), { invitationId });
      else if (end === 'withdrawn')
        await withdrawInvitation(services(), await as(call.specialist), { encounterId, invitationId });
      else
        await services().commands.run({ agent: SYSTEM, requestId: 'test' }, (unit) =>
          expireInvitation(unit, invitationId),
        );
      await expect(acceptInvitation(services(), await as(colleague), { invitationId })).rejects.toMatchObject({
        code: 'INVALID_TRANSITION',
      });
      const row = db().selectFrom('encounter').select('practitioner_role_id').where('id', '=', encounterId);
      expect((await row.executeTakeFirstOrThrow()).practitioner_role_id).toBe(call.specialist.practitionerRoleId);
    }
    // Somebody else's invitation can't be answered.
    const [asked, other] = [await stage.district.specialist(), await stage.district.specialist()];
    const { invitationId } = await inviteColleague(services(), await as(call.specialist), {
      encounterId,
      practitionerRoleId: roleOf(asked),
      purpose: 'consult',
      note: '',
    });
    await expect(acceptInvitation(services(), await as(other), { invitationId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('on hold', () => {
  test('nothing passes between the specialist’s side and the others, and whoever comes anew is parked, too', async () => {
    const call = await stage.answered(stage.replica(0), stage.replica(1));
    const { encounterId, terminal, doctor } = call;
    const guest = await guestIn(call);
    const { side: colleague } = await colleagueIn(call);
    const toTerminal = await hearing(doctor, terminal);
    const toDoctor = await hearing(terminal, doctor);
    const toGuest = await hearing(colleague, guest.side);
    const amongThem = await hearing(colleague, doctor);

    await doctor.browser.request('call:hold', { encounterId, hold: true });
    const rights = await rightsIn(call);
    expect([terminal, guest.side].map(({ joined }) => rights.get(joined.peerId))).toEqual(['parked', 'parked']);
    expect([doctor, colleague].map(({ joined }) => rights.get(joined.peerId))).toEqual(['active', 'active']);
    for (const heard of [toTerminal, toDoctor, toGuest]) await isSilent(heard, amongThem);
    expect((await terminal.browser.hears('call:held')).heldSince).not.toBeNull();
    await guest.side.browser.hears('room:parked');

    // The client's good will is not asked.
    await expect(stage.speak(terminal)).rejects.toMatchObject({ code: 'PARKED' });
    const anew = await stage.join(await stage.connect(call.clinic.terminal, stage.replica(1)), encounterId);
    expect(anew.joined).toMatchObject({ rights: 'parked' });
    expect(anew.joined.heldSince).not.toBeNull();
    await expect(stage.speak(anew)).rejects.toMatchObject({ code: 'PARKED' });

    await doctor.browser.request('call:hold', { encounterId, hold: false });
    await anew.browser.hears('room:opened');
    expect((await rightsIn(call)).get(guest.side.joined.peerId)).toBe('active');
    await hearing(anew, doctor);
    expect((await audits('call:hold', encounterId)).map(({ outcome }) => outcome)).toEqual(
      ['denied', 'success'].slice(1),
    );
    expect(await audits('call:resume', encounterId)).toHaveLength(1);
  });
});

test('on hold stays on hold where the room moves to: its node died', async () => {
  const moving = await CallStage.start({ nodes: 2 });
  try {
    const call = await moving.answered();
    const { encounterId, terminal, doctor } = call;
    await doctor.browser.request('call:hold', { encounterId, hold: true });
    await terminal.browser.hears('room:parked');
    const pin = moving
      .replica()
      .services.db.selectFrom('room')
      .select('node_id')
      .where('encounter_id', '=', encounterId);
    const { node_id: home } = await pin.executeTakeFirstOrThrow();
    await moving.node(home === 'sfu-1' ? 0 : 1).node.close();
    await Promise.all([terminal, doctor].map(({ browser }) => browser.hears('room:moved')));
    const there = await moving.join(terminal.browser, encounterId);
    expect(there.joined).toMatchObject({ epoch: 2, rights: 'parked', heldSince: expect.any(String) });
    await expect(moving.speak(there)).rejects.toMatchObject({ code: 'PARKED' });
    expect((await moving.join(doctor.browser, encounterId)).joined.rights).toBe('active');
  } finally {
    await moving.stop();
  }
});

describe('a transfer', () => {
  test('makes the colleague responsible in the same room; terminal, note and order of things stay', async () => {
    const call = await stage.answered();
    const { encounterId, specialist, terminal } = call;
    const colleague = await stage.district.specialist();
    const { invitationId } = await inviteColleague(services(), await as(specialist), {
      encounterId,
      practitionerRoleId: roleOf(colleague),
      purpose: 'transfer',
      reason: 'clinical',
      note: '需要介入科意见',
    });
    await acceptInvitation(services(), await as(colleague), { invitationId });
    const entry = await db()
      .selectFrom('queue_entry')
      .select(['state', 'called_by', 'queue_id'])
      .where('encounter_id', '=', encounterId)
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({ state: 'serving', called_by: colleague.practitionerRoleId, queue_id: colleague.queueId });
    const states = await db()
      .selectFrom('availability')
      .select(['practitioner_role_id', 'state'])
      .where('practitioner_role_id', 'in', [specialist.practitionerRoleId, colleague.practitionerRoleId])
      .execute();
    expect(new Map(states.map((row) => [row.practitioner_role_id, row.state])).get(colleague.practitionerRoleId)).toBe(
      'in-call',
    );
    const moved = await db()
      .selectFrom('queue_transfer')
      .selectAll()
      .where('to_queue_id', '=', colleague.queueId)
      .execute();
    expect(moved).toMatchObject([{ reason: 'clinical', by_role: 'specialist', from_queue_id: specialist.queueId }]);
    expect(await audits('call:take-over', encounterId)).toMatchObject([{ outcome: 'success' }]);
    expect(await terminal.browser.hears('call:transferred')).toMatchObject({ specialistName: '李医生' });

    const next = await stage.join(await stage.connect(colleague), encounterId);
    expect(next.joined).toMatchObject({ roomId: call.inRoom.roomId, epoch: call.inRoom.epoch, rights: 'active' });
    await vi.waitFor(async () => expect((await rightsIn(call)).has(call.doctor.joined.peerId)).toBe(false));
    await hearing(terminal, next);
    await expect(getEncounter(services(), await as(specialist), { encounterId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const chart = await getEncounter(services(), await as(colleague), { encounterId });
    await finish(services(), await as(colleague), { encounterId, version: chart.version, outcome: 'completed' });
  });
});
