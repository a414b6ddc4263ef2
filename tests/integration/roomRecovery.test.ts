import { setTimeout as sleep } from 'node:timers/promises';
import { nodeAnnouncementKey } from '@cloud-hospital/protocol/sfu';
import { createClient } from 'redis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CallStage, type RunningCall, startNode } from '../support/callStage.ts';
import { startReplica } from '../support/replica.ts';
import { startStack } from '../support/stack.ts';

let stage: CallStage;
afterEach(() => stage.stop());

const pinOf = (call: RunningCall) =>
  stage
    .replica()
    .services.db.selectFrom('room')
    .select(['node_id', 'epoch'])
    .where('id', '=', call.inRoom.roomId)
    .executeTakeFirstOrThrow();

/** Both sides hear where the room went, join again, and talk. */
async function expectBack(call: RunningCall, reason: 'worker-died' | 'node-died' | 'drain') {
  const sides = [call.terminal, call.doctor];
  const moves = await Promise.all(sides.map(({ browser }) => browser.hears('room:moved')));
  const [moved] = moves;
  expect(moved).toMatchObject({ roomId: call.inRoom.roomId, reason });
  expect(moved?.epoch).toBeGreaterThan(call.inRoom.epoch);
  const [terminal, doctor] = await Promise.all(sides.map(({ browser }) => stage.join(browser, call.encounterId)));
  if (terminal === undefined || doctor === undefined) throw new Error('two sides');
  expect(terminal.joined).toMatchObject({ epoch: moved?.epoch, peerId: call.terminal.joined.peerId, rights: 'active' });
  expect(doctor.joined).toMatchObject({ epoch: moved?.epoch, peerId: call.doctor.joined.peerId, rights: 'active' });
  const producerId = await stage.speak(terminal);
  await doctor.browser.hears('consumer:created', ({ consumer }) => consumer.producerId === producerId);
  return { terminal, doctor };
}

describe('a media worker that dies', () => {
  test('costs a room its place and nobody the call: same identity, next epoch', async () => {
    stage = await CallStage.start({ nodeConfig: { workers: 2 } });
    const [call, spared] = [await stage.answered(), await stage.answered()];
    const [first] = stage.node().node.workerPids();
    process.kill(first ?? expect.fail('no worker'), 'SIGKILL');
    await expectBack(call, 'worker-died');
    expect(await pinOf(call)).toEqual({ node_id: 'sfu-1', epoch: 2 });
    // The old epoch is over for whoever still holds it.
    await expect(stage.speak(call.terminal)).rejects.toMatchObject({ code: 'STALE_EPOCH' });
    await stage.speak(spared.terminal);
    expect(spared.terminal.browser.count('room:moved')).toBe(0);
  });
});

describe('a media node that dies', () => {
  test('gives its rooms to another one', async () => {
    stage = await CallStage.start({ nodes: 2 });
    const call = await stage.answered();
    const { node_id: home } = await pinOf(call);
    const [dead, other] = home === 'sfu-1' ? [0, 1] : [1, 0];
    await stage.node(dead).node.close();
    await expectBack(call, 'node-died');
    expect(await pinOf(call)).toEqual({ node_id: `sfu-${other + 1}`, epoch: 2 });
    expect(await stage.peersIn(call.inRoom.roomId, stage.node(other))).toHaveLength(2);
  });

  test('alone, takes them back as soon as it runs again', async () => {
    stage = await CallStage.start();
    const call = await stage.answered();
    const { controlUrl } = stage.node().node;
    await stage.node().node.close();
    const { instanceId } = call.terminal.browser;
    const join = { encounterId: call.encounterId, instanceId };
    await expect(call.terminal.browser.request('room:join', join)).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
    stage.nodes.push(
      await startNode('sfu-1', {
        control: { host: '127.0.0.1', port: Number(new URL(controlUrl).port), announcedHost: '127.0.0.1' },
      }),
    );
    await expectBack(call, 'node-died');
  });

  test('while a browser joins makes the join wait for the verdict instead of failing', async () => {
    stage = await CallStage.start({ nodes: 2 });
    const call = await stage.answered();
    const { node_id: home } = await pinOf(call);
    const closing = stage.node(home === 'sfu-1' ? 0 : 1).node.close();
    const [{ joined }] = await Promise.all([stage.join(call.terminal.browser, call.encounterId), closing]);
    // Either it was through before the node died, and hears that the room moved, or it is on the other node already.
    if (joined.epoch === 1) await call.terminal.browser.hears('room:moved');
    else expect((await pinOf(call)).node_id).not.toBe(home);
  });
});

test('a node that hangs is left within 8 s, and serves nobody when it thaws', { timeout: 60_000 }, async () => {
  const services = await startStack({ replicas: 0, sfuNodes: 2, seeded: false });
  try {
    const urls = services.sfuNodes.map(({ url }) => url).join(',');
    stage = await CallStage.start({ nodes: 0, env: { SFU_STATIC_NODES: urls } });
    const { directory } = stage.replica().sfu;
    await vi.waitFor(() => expect(directory.nodes.filter(({ isUp }) => isUp)).toHaveLength(2));
    const call = await stage.answered();
    const { node_id: home } = await pinOf(call);
    const frozen = services.sfuNodes[home === 'sfu-1' ? 0 : 1];
    const started = performance.now();
    frozen?.freeze();
    await expectBack(call, 'node-died');
    expect(performance.now() - started).toBeLessThan(8_000);
    const { epoch } = await pinOf(call);
    frozen?.thaw();
    await vi.waitFor(() => expect(directory.nodes.filter(({ isUp }) => isUp)).toHaveLength(2), { timeout: 5_000 });
    // What it still held is closed, and the room stays where it is.
    const thawed = directory.nodes.find(({ nodeId }) => nodeId === home);
    await vi.waitFor(
      async () => {
        const inventory = await thawed?.link.request('node:inventory', {});
        expect(inventory?.rooms.filter(({ roomId }) => roomId === call.inRoom.roomId)).toEqual([]);
      },
      { timeout: 10_000, interval: 250 },
    );
    expect(await pinOf(call)).toMatchObject({ epoch });
  } finally {
    await services.stop();
  }
});

test('a node that drains is left, room by room, and not used for new ones', async () => {
  stage = await CallStage.start({ nodes: 2 });
  const call = await stage.answered();
  const { node_id: home } = await pinOf(call);
  const leaving = stage.node(home === 'sfu-1' ? 0 : 1);
  const drained = leaving.node.drain();
  await expectBack(call, 'drain');
  const next = await stage.answered();
  expect((await pinOf(next)).node_id).not.toBe(home);
  await drained;
});

test('nodes are found by their announcements, and stay known while Redis is away', async () => {
  stage = await CallStage.start({ nodes: 0 });
  const announced = await startNode('sfu-announced', { redisUrl: stage.redis.url });
  stage.nodes.push(announced);
  await vi.waitFor(() => expect(stage.replica().sfu.directory.pick()?.nodeId).toBe('sfu-announced'), {
    timeout: 10_000,
  });
  const redis = createClient({ url: stage.redis.url });
  await redis.connect();
  await redis.del(nodeAnnouncementKey('sfu-announced'));
  await redis.close();
  const call = await stage.answered();
  await stage.speak(call.terminal);
  await call.doctor.browser.hears('consumer:created');
});

describe('two replicas', () => {
  test('carry one call: each side on its own', async () => {
    stage = await CallStage.start({ replicas: 2 });
    const call = await stage.answered(stage.replica(0), stage.replica(1));
    const { peerId } = call.doctor.joined;
    expect(await call.terminal.browser.hears('peer:joined')).toMatchObject({
      peer: { peerId, role: 'specialist', displayName: '李医生' },
    });
    const producerId = await stage.speak(call.terminal);
    const { consumer } = await call.doctor.browser.hears('consumer:created');
    expect(consumer.producerId).toBe(producerId);
    await call.doctor.browser.request('consumer:resume', { ...call.inRoom, consumerId: consumer.consumerId });
    expect(call.doctor.browser.count('room:opened')).toBe(1);
    expect(call.doctor.browser.count('consumer:created')).toBe(1);

    await call.doctor.browser.request('room:leave', call.inRoom);
    expect(await call.terminal.browser.hears('peer:left')).toMatchObject({ peerId, reason: 'left' });
  });

  test('notice a dead worker together, and one of them moves the room', async () => {
    stage = await CallStage.start({ replicas: 2 });
    const call = await stage.answered(stage.replica(0), stage.replica(1));
    const [pid] = stage.node().node.workerPids();
    process.kill(pid ?? expect.fail('no worker'), 'SIGKILL');
    await expectBack(call, 'worker-died');
    expect(await pinOf(call)).toMatchObject({ epoch: 2 });
    expect(call.terminal.browser.count('room:moved')).toBe(1);
  });

  test('hand a browser over when one of them goes, with its media untouched', async () => {
    stage = await CallStage.start({ replicas: 2, env: { PEER_GRACE_SECONDS: '1' } });
    const call = await stage.answered(stage.replica(0), stage.replica(1));
    const producerId = await stage.speak(call.terminal);
    await stage.replica(0).stop();
    await call.terminal.browser.disconnected;
    const { instanceId } = call.terminal.browser;
    const back = await stage.connect(call.clinic.terminal, stage.replica(1), instanceId);
    const attach = { encounterId: call.encounterId, instanceId, ...call.inRoom };
    const state = await back.request('room:attach', attach);
    expect(state).toMatchObject({ epoch: 1, rights: 'active', producers: [{ producerId }] });
    await back.request('producer:pause', { ...call.inRoom, producerId });
    await call.doctor.browser.hears('consumer:paused');
    await sleep(1_500);
    expect(call.doctor.browser.count('peer:left')).toBe(0);
    expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(2);
  });

  test('tell the tab on the one that another tab on the other took the call over', async () => {
    stage = await CallStage.start({ replicas: 2 });
    const call = await stage.answered();
    const second = await stage.connect(call.clinic.terminal, stage.replica(1));
    const { joined } = await stage.join(second, call.encounterId);
    expect(joined.peerId).toBe(call.terminal.joined.peerId);
    await call.terminal.browser.hears('call:ended', ({ reason }) => reason === 'attached-elsewhere');
    await expect(stage.speak(call.terminal)).rejects.toMatchObject({ code: 'NOT_JOINED' });
    await stage.speak({ browser: second, joined });
    await call.doctor.browser.hears('consumer:created');
  });

  test('both cut what a revocation on either of them ended', async () => {
    stage = await CallStage.start({ replicas: 2 });
    const call = await stage.answered(stage.replica(0), stage.replica(1));
    const { commands, sessions } = stage.replica(0).services;
    await commands.run({ agent: { role: 'system', name: 'system' }, requestId: 'test' }, (unit) =>
      sessions.end(unit, { practitionerRoleId: call.specialist.practitionerRoleId }, 'revoked'),
    );
    expect(await call.doctor.browser.disconnected).toBe('io server disconnect');
    await call.terminal.browser.hears('peer:left');
    expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(1);
  });
});

test('a replica that starts after a node died moves what is still pinned to it', async () => {
  stage = await CallStage.start({ nodes: 2 });
  const call = await stage.answered();
  const { node_id: home } = await pinOf(call);
  const survivor = stage.node(home === 'sfu-1' ? 1 : 0);
  stage.replica().hub.drain();
  await stage.replica().stop();
  await stage.node(home === 'sfu-1' ? 0 : 1).node.close();
  const late = await startReplica({
    database: stage.database,
    redis: stage.redis,
    env: { SFU_STATIC_NODES: survivor.node.controlUrl },
  });
  stage.replicas.push(late);
  const doctor = await stage.connect(call.specialist, late);
  expect(await doctor.hears('room:moved')).toMatchObject({ reason: 'node-died', epoch: 2 });
  expect((await stage.join(doctor, call.encounterId)).joined).toMatchObject({ epoch: 2, rights: 'active' });
});
