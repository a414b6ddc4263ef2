import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Browser } from '../support/Browser.ts';
import { CallDistrict } from '../support/callDistrict.ts';
import { type Replica, startReplica } from '../support/replica.ts';
import { createTestDatabase, createTestRedis, type TestDatabase } from '../support/testDatabase.ts';
import { opusParameters, rtpCapabilities, TestNode } from './support.ts';

let database: TestDatabase;
let node: TestNode;
let replica: Replica;
let district: CallDistrict;
beforeAll(async () => {
  database = await createTestDatabase();
  const { linkSecret } = JSON.parse(readFileSync(inject('servers').secretsFile, 'utf8'));
  node = await TestNode.start({ linkSecret });
  replica = await startReplica({
    database,
    redis: await createTestRedis(),
    env: { SFU_STATIC_NODES: node.node.controlUrl },
  });
  district = new CallDistrict(replica.services);
});
afterAll(async () => {
  await replica?.stop();
  await node?.close();
  await database?.drop();
});

test('the whole thread: parked, answered, produced, consumed', async () => {
  const clinic = await district.clinic();
  const specialist = await district.specialist();
  const encounterId = await district.visit(clinic, specialist);
  const terminal = await Browser.connect(replica.url, clinic.terminal);
  const doctor = await Browser.connect(replica.url, specialist);

  const parked = await terminal.request('room:join', { encounterId, instanceId: terminal.instanceId, rtpCapabilities });
  expect(parked).toMatchObject({ rights: 'parked', epoch: 1, peers: [], producers: [], consumers: [] });
  const inRoom = { roomId: parked.roomId, epoch: parked.epoch };
  const microphone = {
    ...inRoom,
    transportId: parked.sendTransport.transportId,
    kind: 'audio' as const,
    source: 'microphone' as const,
  };
  await expect(
    terminal.request('producer:create', { ...microphone, rtpParameters: opusParameters() }),
  ).rejects.toMatchObject({ code: 'PARKED' });

  const joined = await doctor.request('room:join', { encounterId, instanceId: doctor.instanceId, rtpCapabilities });
  expect(joined.peers).toMatchObject([{ peerId: parked.peerId, role: 'terminal', displayName: '社区诊所' }]);
  expect(await terminal.hears('peer:joined')).toMatchObject({
    peer: { peerId: joined.peerId, role: 'specialist', displayName: '李医生', title: { zh: '主任医师' } },
  });

  const { answeredAt } = await terminal.request('call:answer', { encounterId });
  expect(Date.parse(answeredAt)).toBeGreaterThan(0);
  await Promise.all([terminal.hears('room:opened'), doctor.hears('room:opened'), doctor.hears('call:answered')]);

  const { producerId } = await terminal.request('producer:create', { ...microphone, rtpParameters: opusParameters() });
  const { consumer } = await doctor.hears('consumer:created');
  expect(consumer).toMatchObject({ producerId, peerId: parked.peerId, kind: 'audio', source: 'microphone' });
  await doctor.request('consumer:resume', { ...inRoom, consumerId: consumer.consumerId });

  await terminal.request('producer:pause', { ...inRoom, producerId });
  expect(await doctor.hears('consumer:paused')).toMatchObject({ consumerId: consumer.consumerId });
  terminal.close();
  doctor.close();
});
