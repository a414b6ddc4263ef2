import { afterAll, beforeAll, expect, test } from 'vitest';
import { rtpCapabilities, vp8Parameters } from '../media/support.ts';
import { CallStage } from '../support/callStage.ts';

let stage: CallStage;
beforeAll(async () => {
  stage = await CallStage.start();
});
afterAll(() => stage?.stop());

const loop = { rtpCapabilities, rtpParameters: vp8Parameters() };

test('a socket names only its own test, which ends with it', async () => {
  const clinic = await stage.district.clinic();
  const [one, other] = [await stage.connect(clinic.terminal), await stage.connect(clinic.terminal)];
  const started = await one.request('line-test:start', {});
  expect(started.iceServers).toEqual([]);
  await expect(other.request('line-test:loop', loop)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { dtlsParameters, transportId } = started.sendTransport;
  const connect = { transportId, dtlsParameters: { ...dtlsParameters, role: 'client' as const } };
  await expect(other.request('line-test:connect', connect)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await one.request('line-test:loop', loop);
  await one.request('line-test:end', {});
  await expect(one.request('line-test:loop', loop)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('nobody tests without end, whichever socket they use', async () => {
  const clinic = await stage.district.clinic();
  for (let round = 0; round < 8; round += 1) {
    const socket = await stage.connect(clinic.terminal);
    await socket.request('line-test:start', {});
    await socket.request('line-test:end', {});
  }
  const again = await stage.connect(clinic.terminal);
  await expect(again.request('line-test:start', {})).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});
