import { expect, test } from 'vitest';
import { chooseVideoCodec, type Encoders } from './chooseVideoCodec.ts';

/** @param hardware the content types that are encoded in hardware */
const encoders = (...hardware: readonly string[]): Encoders => ({
  encodingInfo: ({ video }) => {
    const powerEfficient = hardware.includes(video?.contentType ?? '');
    return Promise.resolve({ supported: true, smooth: true, powerEfficient });
  },
});

test.each([
  ['H264', 'H.264 is encoded in hardware and VP8 is not', encoders('video/H264')],
  ['VP8', 'both are', encoders('video/H264', 'video/VP8')],
  ['VP8', 'neither is', encoders()],
  ['VP8', 'the browser does not know the question', { encodingInfo: () => Promise.reject(new TypeError('webrtc')) }],
] as const)('%s when %s', async (codec, _when, known) => {
  expect(await chooseVideoCodec(known)).toBe(codec);
});
