import { AppError } from '@cloud-hospital/protocol';
import type { LineFigures } from '@cloud-hospital/protocol/rest';
import type { SocketResponseData } from '@cloud-hospital/protocol/socket';
import type { Device, types } from 'mediasoup-client';
import { DeviceLoader } from '../room/DeviceLoader.ts';
import { toClientRtpParameters } from '../room/mediasoupTypes.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import { lineCounters, type LineCounters, lineFigures } from './lineFigures.ts';
import { NoiseTrack } from './NoiseTrack.ts';

/** Beyond it the rate says nothing more about a call; bit/s. */
const MAX_BITRATE = 1_500_000;
/** The sender feels its way up first; then it is counted. Milliseconds. */
const RAMP_MS = 3_500;
const COUNT_MS = 3_000;
/** A network that lets no media through at all says nothing; milliseconds. */
const CONNECT_TIMEOUT_MS = 8_000;

/** No media gets through: neither by UDP nor by TCP. */
export class LineBlocked extends Error {
  constructor() {
    super('no media gets through');
    this.name = 'LineBlocked';
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends a picture of noise to the media node and gets it back, for seconds: what a call would find.
 * @throws AppError when the server can't test now; LineBlocked when no media gets through
 */
export async function measureLine(signal: SignalClient): Promise<LineFigures> {
  await connectedSocket(signal);
  const started = await signal.request('line-test:start', {});
  const noise = new NoiseTrack();
  const closing: { close(): void }[] = [];
  try {
    const device = await new DeviceLoader().load(started.routerRtpCapabilities);
    const [send, receive] = transportsOf(device, started, signal);
    closing.push(send, receive);
    const producer = await connected(
      send.produce({
        track: noise.track,
        encodings: [{ maxBitrate: MAX_BITRATE }],
        codecOptions: { videoGoogleStartBitrate: 400 },
        stopTracks: false,
      }),
    );
    const { consumer } = await signal.request('line-test:loop', {
      rtpParameters: producer.rtpParameters,
      rtpCapabilities: device.recvRtpCapabilities,
    });
    await receive.consume({
      id: consumer.consumerId,
      producerId: consumer.producerId,
      kind: consumer.kind,
      rtpParameters: toClientRtpParameters(consumer.rtpParameters),
    });
    await pause(RAMP_MS);
    const before = await read(send, receive);
    await pause(COUNT_MS);
    const now = await read(send, receive);
    if (now.packetsReceived === 0) throw new LineBlocked();
    return lineFigures(before, now);
  } finally {
    noise.stop();
    for (const one of closing) one.close();
    // The media node ends it by itself, too.
    void signal.request('line-test:end', {}).catch(() => undefined);
  }
}

/** A page that has just been opened is still connecting. @throws AppError UNAVAILABLE when nothing answers */
async function connectedSocket(signal: SignalClient): Promise<void> {
  if (signal.state.name === 'connected') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const off = signal.onState(({ name }) => {
    if (name === 'connected') resolve();
  });
  const timer = setTimeout(() => reject(new AppError('UNAVAILABLE')), CONNECT_TIMEOUT_MS);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    off();
  }
}

function transportsOf(
  device: Device,
  started: SocketResponseData<'line-test:start'>,
  signal: SignalClient,
): [types.Transport, types.Transport] {
  const { sendTransport, recvTransport, iceServers } = started;
  const options = ({ transportId, iceParameters, iceCandidates, dtlsParameters }: typeof sendTransport) => ({
    id: transportId,
    iceParameters,
    iceCandidates,
    dtlsParameters,
    iceServers,
  });
  const send = device.createSendTransport(options(sendTransport));
  const receive = device.createRecvTransport(options(recvTransport));
  for (const transport of [send, receive]) {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      signal.request('line-test:connect', { transportId: transport.id, dtlsParameters }).then(done, failed);
    });
  }
  // The media node gives the real name with `line-test:loop`.
  send.on('produce', (_produced, done) => done({ id: crypto.randomUUID() }));
  return [send, receive];
}

async function connected<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LineBlocked()), CONNECT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function read(send: types.Transport, receive: types.Transport): Promise<LineCounters> {
  const [sent, received] = await Promise.all([send.getStats(), receive.getStats()]);
  return lineCounters(performance.now(), [...sent.values()], [...received.values()]);
}
