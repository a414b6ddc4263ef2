import { expect, test } from 'vitest';
import { DtlsParameters, RtpCapabilities, RtpParameters } from './parameters.ts';

const camera = {
  mid: '1',
  codecs: [
    {
      mimeType: 'video/VP8',
      payloadType: 96,
      clockRate: 90_000,
      parameters: {},
      rtcpFeedback: [{ type: 'nack', parameter: '' }],
    },
    { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 }, rtcpFeedback: [] },
  ],
  headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypt: false, parameters: {} }],
  encodings: [
    { active: true, scaleResolutionDownBy: 2, maxBitrate: 150_000, rid: 'r0', scalabilityMode: 'L1T3', dtx: false },
    { active: true, scaleResolutionDownBy: 1, maxBitrate: 900_000, rid: 'r1', scalabilityMode: 'L1T3', dtx: false },
  ],
  rtcp: { cname: 'x', reducedSize: true },
  msid: 'stream track',
};

const withEncoding = (encoding: Record<string, unknown>) => ({ ...camera, encodings: [encoding] });

test('what a browser sends passes unchanged, fields mediasoup does not know included', () => {
  expect(RtpParameters.parse(camera)).toEqual(camera);
  expect(RtpParameters.parse(camera)).toBe(camera);
});

test('what would break the channel to a worker is refused, with its place', () => {
  for (const encoding of [
    { maxBitrate: 1.5 },
    { maxBitrate: null },
    { maxBitrate: -1 },
    { ssrc: 2 ** 32 },
    { rtx: {} },
  ]) {
    expect(RtpParameters.safeParse(withEncoding(encoding)).success).toBe(false);
  }
  const issues = RtpParameters.safeParse(withEncoding({ maxBitrate: 1.5 })).error?.issues ?? [];
  expect(issues.map(({ path }) => path.join('.'))).toEqual(['encodings.0.maxBitrate']);
});

test('nothing but objects of the right shape passes', () => {
  for (const wrong of [null, undefined, 'x', 7, [], {}, { codecs: [] }, { codecs: [null] }]) {
    expect(RtpParameters.safeParse(wrong).success).toBe(false);
  }
  for (const wrong of [null, [], { codecs: {} }, { codecs: [{ kind: 'audio' }] }]) {
    expect(RtpCapabilities.safeParse(wrong).success).toBe(false);
  }
  for (const wrong of [null, {}, { fingerprints: [] }, { fingerprints: [{ algorithm: 'md5', value: 'aa' }] }]) {
    expect(DtlsParameters.safeParse(wrong).success).toBe(false);
  }
  expect(RtpCapabilities.safeParse({}).success).toBe(true);
});
