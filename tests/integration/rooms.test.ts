import { EXPECTED_SHOWS } from '@cloud-hospital/protocol/socket';
import { randomUUID } from 'node:crypto';
import { EncounterId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { moveEncounter, lockEncounter } from '../../signaling/src/operations/encounter/changeEncounter.ts';
import { concludeEncounter } from '../../signaling/src/operations/encounter/concludeEncounter.ts';
import { lockQueueOf } from '../../signaling/src/operations/queue/lockQueue.ts';
import { opusParameters, rtpCapabilities } from '../media/support.ts';
import { CallStage, type RunningCall } from '../support/callStage.ts';

let stage: CallStage;
beforeAll(async () => {
  stage = await CallStage.start({ env: { PEER_GRACE_SECONDS: '1.5' } });
});
afterAll(() => stage?.stop());

const asSystem = { agent: SYSTEM, requestId: 'test' };
const db = () => stage.replica().services.db;

const entryOf = (encounterId: string) =>
  db()
    .selectFrom('queue_entry')
    .select(['state', 'last_reason', 'called_by'])
    .where('encounter_id', '=', encounterId)
    .executeTakeFirstOrThrow();
const parkJobOf = (encounterId: string) =>
  db()
    .selectFrom('job')
    .select('state')
    .where('kind', '=', 'encounter.park')
    .where('subject_id', '=', encounterId)
    .executeTakeFirst();
const presenceOf = (peerId: string) =>
  db()
    .selectFrom('presence_event')
    .select('kind')
    .where('participant_id', '=', peerId)
    .orderBy('id')
    .execute()
    .then((rows) => rows.map(({ kind }) => kind));

describe('who may join', () => {
  test('a foreign encounter answers exactly like one that does not exist, and only the attempt on it leaves a trace', async () => {
    const [own, foreign] = [await stage.district.clinic(), await stage.district.clinic()];
    const specialist = await stage.district.specialist();
    const encounterId = await stage.district.visit(foreign, specialist);
    const missing = EncounterId.parse(randomUUID());
    const browser = await stage.connect(own.terminal);
    const stranger = await stage.connect(await stage.district.specialist());
    for (const who of [browser, stranger]) {
      for (const name of ['room:join', 'room:attach'] as const) {
        const rest = name === 'room:attach' ? { roomId: randomUUID(), epoch: 1 } : {};
        const [a, b] = await Promise.all(
          [encounterId, missing].map((id) => who.ask(name, { encounterId: id, instanceId: who.instanceId, ...rest })),
        );
        const bare = (answer: unknown) => JSON.stringify(answer).replace(/"requestId":"[^"]+"/, '');
        expect(a).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
        expect(bare(a)).toBe(bare(b));
      }
    }
    const denials = await db()
      .selectFrom('audit_event')
      .select(['entity_id', 'actor_role'])
      .where('action', '=', 'room:join')
      .where('outcome', '=', 'denied')
      .execute();
    expect(denials.map((row) => row.entity_id)).toEqual([encounterId, encounterId, encounterId, encounterId]);
    expect(new Set(denials.map((row) => row.actor_role))).toEqual(new Set(['nurse', 'specialist']));
  });

  test('the specialist not before calling; nobody after the end', async () => {
    const [clinic, specialist] = [await stage.district.clinic(), await stage.district.specialist()];
    const encounterId = await stage.district.visit(clinic, specialist, 'waiting');
    const doctor = await stage.connect(specialist);
    await expect(stage.join(doctor, encounterId)).rejects.toMatchObject({ code: 'NOT_READY' });
    const terminal = await stage.connect(clinic.terminal);
    expect((await stage.join(terminal, encounterId)).joined.rights).toBe('parked');
    await db()
      .updateTable('encounter')
      .set({ status: 'cancelled', reason: 'test' })
      .where('id', '=', encounterId)
      .execute();
    await expect(stage.join(terminal, encounterId)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  test('another terminal of the same clinic may not', async () => {
    const [clinic, elsewhere] = [await stage.district.clinic(), await stage.district.clinic()];
    const encounterId = await stage.district.visit(clinic, await stage.district.specialist());
    await db().updateTable('encounter').set({ device_id: elsewhere.deviceId }).where('id', '=', encounterId).execute();
    const terminal = await stage.connect(clinic.terminal);
    await expect(stage.join(terminal, encounterId)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a parked peer', () => {
  test('neither produces nor consumes until the call is answered', async () => {
    const { terminal, doctor, encounterId } = await stage.ringing();
    await expect(stage.speak(terminal)).rejects.toMatchObject({ code: 'PARKED' });
    await terminal.browser.request('call:answer', { encounterId });
    await stage.speak(terminal);
    const { consumer } = await doctor.browser.hears('consumer:created');
    expect(consumer.peerId).toBe(terminal.joined.peerId);
  });

  test('that joins while the call is being answered ends up active, whichever came first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [clinic, specialist] = [await stage.district.clinic(), await stage.district.specialist()];
      const encounterId = await stage.district.visit(clinic, specialist);
      const terminal = await stage.join(await stage.connect(clinic.terminal), encounterId);
      const doctor = await stage.connect(specialist);
      const [{ joined }] = await Promise.all([
        stage.join(doctor, encounterId),
        terminal.browser.request('call:answer', { encounterId }),
      ]);
      await vi.waitFor(async () => {
        const rights = (await stage.peersIn(joined.roomId)).map((peer) => peer.rights);
        expect(rights).toEqual(['active', 'active']);
      });
      expect(joined.rights === 'active' || doctor.count('room:opened') === 1).toBe(true);
    }
  });

  test('of another room cannot be named: its producer, its consumer, its room', async () => {
    const [mine, theirs] = [await stage.answered(), await stage.answered()];
    const producerId = await stage.speak(theirs.terminal);
    const { browser } = mine.doctor;
    await expect(browser.request('producer:close', { ...theirs.inRoom, producerId })).rejects.toMatchObject({
      code: 'NOT_JOINED',
    });
    await expect(browser.request('producer:close', { ...mine.inRoom, producerId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { consumer } = await theirs.doctor.browser.hears('consumer:created');
    const { consumerId } = consumer;
    await expect(browser.request('consumer:resume', { ...mine.inRoom, consumerId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a second tab', () => {
  test('takes the call over under the same identity, and the first is told and can do nothing more', async () => {
    const call = await stage.answered();
    const second = await stage.join(await stage.connect(call.clinic.terminal), call.encounterId);
    expect(second.joined.peerId).toBe(call.terminal.joined.peerId);
    expect(second.joined.rights).toBe('active');
    const { browser } = call.terminal;
    expect(await browser.hears('call:ended')).toEqual({
      encounterId: call.encounterId,
      reason: 'attached-elsewhere',
    });
    expect(second.browser.count('call:ended')).toBe(0);
    await expect(stage.speak(call.terminal)).rejects.toMatchObject({ code: 'NOT_JOINED' });
    expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(2);
  });

  test('of the same instance, as after a reload, is the same tab', async () => {
    const call = await stage.answered();
    call.terminal.browser.crash();
    const reloaded = await stage.connect(call.clinic.terminal, stage.replica(), call.terminal.browser.instanceId);
    const { joined } = await stage.join(reloaded, call.encounterId);
    expect(joined.peerId).toBe(call.terminal.joined.peerId);
    expect(reloaded.count('call:ended')).toBe(0);
  });
});

describe('a lost socket', () => {
  test('leaves the media up; the returning one attaches and goes on with what it had', async () => {
    const call = await stage.answered();
    const producerId = await stage.speak(call.terminal);
    const { consumer } = await call.doctor.browser.hears('consumer:created');
    call.terminal.browser.crash();
    const { peerId } = call.terminal.joined;
    expect(await call.doctor.browser.hears('peer:connection-changed')).toMatchObject({ peerId, connected: false });

    const back = await stage.connect(call.clinic.terminal, stage.replica(), call.terminal.browser.instanceId);
    const { instanceId } = back;
    const state = await back.request('room:attach', { encounterId: call.encounterId, instanceId, ...call.inRoom });
    expect(state).toMatchObject({ peerId, rights: 'active', producers: [{ producerId, source: 'microphone' }] });
    await back.request('producer:pause', { ...call.inRoom, producerId });
    expect(await call.doctor.browser.hears('consumer:paused')).toMatchObject({ consumerId: consumer.consumerId });
    expect(call.doctor.browser.count('peer:left')).toBe(0);
    // Whether the loss or the return is recorded first is chance; a loss after the return is never recorded.
    expect((await presenceOf(peerId)).at(-1)).toBe('attached');
    // The grace of the lost socket has passed by then, and has closed nobody.
    await new Promise((resolve) => setTimeout(resolve, 1_800));
    expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(2);
  });

  test('for good closes the peer after the grace: no ghost', async () => {
    const call = await stage.answered();
    const { peerId } = call.terminal.joined;
    call.terminal.browser.crash();
    expect(await call.doctor.browser.hears('peer:left')).toMatchObject({ peerId, reason: 'gone' });
    expect(await stage.peersIn(call.inRoom.roomId)).toMatchObject([{ peerId: call.doctor.joined.peerId }]);
  });

  test('attached to an epoch that has passed is told to join', async () => {
    const call = await stage.answered();
    call.terminal.browser.crash();
    const back = await stage.connect(call.clinic.terminal);
    const stale = { encounterId: call.encounterId, instanceId: back.instanceId, roomId: call.inRoom.roomId, epoch: 9 };
    await expect(back.request('room:attach', stale)).rejects.toMatchObject({ code: 'STALE_EPOCH' });
  });
});

describe('everyone gone', () => {
  test('schedules the parking of a running call, and who returns cancels it', async () => {
    const call = await stage.answered();
    call.doctor.browser.crash();
    await call.terminal.browser.hears('peer:connection-changed');
    expect(await parkJobOf(call.encounterId)).toBeUndefined();
    call.terminal.browser.crash();
    await vi.waitFor(async () => expect(await parkJobOf(call.encounterId)).toEqual({ state: 'pending' }));
    await stage.join(await stage.connect(call.specialist), call.encounterId);
    expect(await parkJobOf(call.encounterId)).toEqual({ state: 'cancelled' });
  });
});

describe('the call', () => {
  const doctorLeaves = async (call: RunningCall): Promise<void> => {
    await vi.waitFor(async () => {
      const peers = await stage.peersIn(call.inRoom.roomId);
      expect(peers.map(({ peerId }) => peerId)).not.toContain(call.doctor.joined.peerId);
    });
  };

  test('declined keeps its place, is told to both, and the specialist is out of the room', async () => {
    const call = await stage.ringing();
    await call.terminal.browser.request('call:decline', { encounterId: call.encounterId, reason: 'patient-absent' });
    expect(await call.doctor.browser.hears('call:ended')).toMatchObject({ reason: 'declined' });
    expect(await entryOf(call.encounterId)).toMatchObject({
      state: 'waiting',
      last_reason: 'declined',
      called_by: null,
    });
    await doctorLeaves(call);
    const again = { encounterId: call.encounterId, reason: 'not-now' as const };
    await expect(call.terminal.browser.request('call:decline', again)).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
  });

  test('answered twice gives the same answer', async () => {
    const call = await stage.ringing();
    const { encounterId } = call;
    const first = await call.terminal.browser.request('call:answer', { encounterId });
    expect(await call.terminal.browser.request('call:answer', { encounterId })).toEqual(first);
    expect(await call.doctor.browser.hears('call:answered')).toEqual({ encounterId, ...first });
    expect(call.doctor.browser.count('call:answered')).toBe(1);
  });

  test('that does not ring cannot be answered, nor one of another clinic', async () => {
    const [clinic, specialist] = [await stage.district.clinic(), await stage.district.specialist()];
    const waiting = await stage.district.visit(clinic, specialist, 'waiting');
    const terminal = await stage.connect(clinic.terminal);
    await expect(terminal.request('call:answer', { encounterId: waiting })).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
    const stranger = await stage.connect((await stage.district.clinic()).terminal);
    for (const name of ['call:answer', 'call:leave'] as const) {
      await expect(stranger.request(name, { encounterId: waiting })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('left by the terminal is parked at the head of the queue, and its producers end', async () => {
    const call = await stage.answered();
    await stage.speak(call.terminal);
    await call.terminal.browser.request('call:leave', { encounterId: call.encounterId });
    expect(await call.doctor.browser.hears('call:ended')).toMatchObject({ reason: 'parked' });
    expect(await entryOf(call.encounterId)).toMatchObject({ state: 'waiting', last_reason: 'resumed-later' });
    expect(await call.terminal.browser.hears('room:parked')).toEqual(call.inRoom);
    // No media had begun, so that there is nothing for the specialist to come back to before calling again.
    await doctorLeaves(call);
    const { peerId } = call.terminal.joined;
    expect(await stage.peersIn(call.inRoom.roomId)).toEqual([{ peerId, rights: 'parked' }]);
    await expect(stage.speak(call.terminal)).rejects.toMatchObject({ code: 'PARKED' });
  });

  test('left by the specialist goes on: only a command with an outcome ends it', async () => {
    const call = await stage.answered();
    await call.doctor.browser.request('room:leave', call.inRoom);
    expect(await call.terminal.browser.hears('peer:left')).toMatchObject({
      peerId: call.doctor.joined.peerId,
      reason: 'left',
    });
    expect(await entryOf(call.encounterId)).toMatchObject({ state: 'serving' });
    const { joined } = await stage.join(call.doctor.browser, call.encounterId);
    expect(joined).toMatchObject({ rights: 'active', peerId: call.doctor.joined.peerId });
  });

  test('concluded closes the room for everybody', async () => {
    const call = await stage.answered();
    const { commands } = stage.replica().services;
    await commands.run(asSystem, async (unit) => {
      const queue = await lockQueueOf(unit, call.specialist.practitionerRoleId);
      const encounter = await lockEncounter(unit, call.encounterId);
      if (encounter === undefined) throw new Error('no encounter');
      await concludeEncounter(unit, queue, encounter, 'completed');
    });
    for (const { browser } of [call.terminal, call.doctor]) {
      expect(await browser.hears('call:ended')).toMatchObject({ reason: 'finished' });
      expect(await browser.hears('room:closed')).toMatchObject({ ...call.inRoom, reason: 'finished' });
    }
    await vi.waitFor(async () => expect(await stage.peersIn(call.inRoom.roomId)).toEqual([]));
    const { instanceId } = call.terminal.browser;
    const join = { encounterId: call.encounterId, instanceId, rtpCapabilities };
    await expect(call.terminal.browser.request('room:join', join)).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
  });

  test('carries what each side shows now to the other, and to one who comes back and has missed it', async () => {
    const call = await stage.answered();
    const { peerId } = call.terminal.joined;
    const shows = { ...EXPECTED_SHOWS, mode: 'stills', receives: 'audio' } as const;
    await call.terminal.browser.request('peer:set-mode', { ...call.inRoom, ...shows });
    expect(await call.doctor.browser.hears('peer:mode-changed')).toMatchObject({ peerId, ...shows });
    expect(call.terminal.browser.count('peer:mode-changed')).toBe(0);

    const { instanceId } = call.doctor.browser;
    const back = await stage.connect(call.specialist, stage.replica(), instanceId);
    const attach = { encounterId: call.encounterId, instanceId, ...call.inRoom };
    expect((await back.request('room:attach', attach)).peers).toMatchObject([{ peerId, shows }]);
    // Whoever joins anew begins as everybody expects.
    await stage.join(call.terminal.browser, call.encounterId);
    expect((await back.request('room:attach', attach)).peers).toMatchObject([{ peerId, shows: EXPECTED_SHOWS }]);
  });

  test('a specialist may wish for cameras of somebody in the same call; nobody else may wish, and for nobody else', async () => {
    const [call, other] = [await stage.answered(), await stage.answered()];
    const { browser } = call.doctor;
    const { peerId } = call.terminal.joined;
    await browser.request('peer:want-cameras', { ...call.inRoom, peerId, cameras: 'both' });
    expect(await call.terminal.browser.hears('peer:cameras-wanted')).toMatchObject({ cameras: 'both' });
    const foreign = { ...call.inRoom, peerId: other.terminal.joined.peerId, cameras: 'face' } as const;
    await expect(browser.request('peer:want-cameras', foreign)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const wish = { ...call.inRoom, peerId: call.doctor.joined.peerId, cameras: 'face' } as const;
    await expect(call.terminal.browser.request('peer:want-cameras', wish)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(other.terminal.browser.count('peer:cameras-wanted')).toBe(0);
  });
});

describe('authorisation that ends in mid-call', () => {
  test('with the session takes the socket and the media with it', async () => {
    const call = await stage.answered();
    const { commands, sessions } = stage.replica().services;
    await commands.run(asSystem, (unit) =>
      sessions.end(unit, { practitionerRoleId: call.specialist.practitionerRoleId }, 'role-removed'),
    );
    expect(await call.doctor.browser.disconnected).toBe('io server disconnect');
    const { peerId } = call.doctor.joined;
    expect(await call.terminal.browser.hears('peer:left')).toMatchObject({ peerId, reason: 'role-removed' });
    expect(await stage.peersIn(call.inRoom.roomId)).toMatchObject([{ peerId: call.terminal.joined.peerId }]);
  });

  test('by a plain sign-out leaves the next staff member a moment to take the call over', async () => {
    const call = await stage.answered();
    const { commands, sessions } = stage.replica().services;
    const next = await stage.district.signInAt(call.clinic);
    await commands.run(asSystem, (unit) =>
      sessions.end(unit, { sessionId: call.clinic.terminal.sessionId }, 'signed-out'),
    );
    await call.terminal.browser.disconnected;
    const browser = await stage.connect(next);
    const { instanceId } = browser;
    const state = await browser.request('room:attach', { encounterId: call.encounterId, instanceId, ...call.inRoom });
    expect(state).toMatchObject({ peerId: call.terminal.joined.peerId, rights: 'active' });
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(2);
    expect(call.doctor.browser.count('peer:left')).toBe(0);
  });

  test('without any event is noticed within 5 s', async () => {
    const call = await stage.answered();
    const { peerId } = call.doctor.joined;
    await db().updateTable('participant').set({ removed_at: new Date() }).where('id', '=', peerId).execute();
    const before = performance.now();
    expect(await call.terminal.browser.hears('peer:left')).toMatchObject({ peerId, reason: 'removed' });
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(1);
  });

  test('is given back by the sweep when a request to the node was lost', async () => {
    const call = await stage.answered();
    const { peerId } = call.terminal.joined;
    const link = await stage.node().link(stage.replica().config.REPLICA_ID);
    await link.request('peer:set-rights', { ...call.inRoom, peerId, rights: 'parked' });
    await link.close();
    await vi.waitFor(() => expect(call.terminal.browser.count('room:opened')).toBe(2), { timeout: 8_000 });
    await stage.speak(call.terminal);
  });

  test('of an encounter that was cancelled closes its room', async () => {
    const call = await stage.ringing();
    await stage.replica().services.commands.run(asSystem, async (unit) => {
      const encounter = await lockEncounter(unit, call.encounterId);
      if (encounter === undefined) throw new Error('no encounter');
      await moveEncounter(unit, encounter, 'cancelled', { reason: 'test' });
    });
    await vi.waitFor(async () => expect(await stage.peersIn(call.inRoom.roomId)).toEqual([]));
  });
});

test('a codec the other side lacks costs that side this Consumer and nobody the call', async () => {
  const call = await stage.answered();
  const producerId = await stage.speak(call.terminal, opusParameters());
  const audioless = { codecs: rtpCapabilities.codecs?.filter(({ kind }) => kind === 'video') ?? [] };
  const { consumers } = await call.doctor.browser.request('peer:set-capabilities', {
    ...call.inRoom,
    rtpCapabilities: audioless,
  });
  expect(consumers.map((consumer) => consumer.producerId)).toEqual([producerId]);
  await call.doctor.browser.request('consumer:request-key-frame', {
    ...call.inRoom,
    consumerId: consumers[0]?.consumerId ?? expect.fail('no consumer'),
  });
});
