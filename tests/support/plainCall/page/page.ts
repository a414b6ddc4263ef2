import { Device, type types } from 'mediasoup-client';

/**
 * The yardstick: a call as mediasoup's own examples make it. The usual requests one after the other, three simulcast
 * layers with the bit rates of mediasoup-demo, and nothing that adapts or repairs. `codec`, `layers` and `voice` ask for others,
 * `waits` for a button that is pressed before anything but the camera is there.
 */
const asked = new URLSearchParams(location.search);
const side = asked.get('side') ?? '';
const mimeType = `video/${asked.get('codec') ?? 'VP8'}`;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own server, and a page that only measures
const ask = async <T>(what: string, body: object = {}): Promise<T> => {
  const response = await fetch(`/${what}?side=${side}`, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as T;
};

const LAYERS: Readonly<Record<string, types.RtpEncodingParameters[]>> = {
  simulcast: [
    { scaleResolutionDownBy: 4, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
    { scaleResolutionDownBy: 2, maxBitrate: 1_000_000, scalabilityMode: 'L1T3' },
    { scaleResolutionDownBy: 1, maxBitrate: 5_000_000, scalabilityMode: 'L1T3' },
  ],
  svc: [{ maxBitrate: 5_000_000, scalabilityMode: 'L3T3_KEY' }],
  none: [{ maxBitrate: 5_000_000, scalabilityMode: 'L1T3' }],
};

const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
if (asked.has('waits')) {
  await new Promise<void>((resolve) => {
    const button = Object.assign(document.createElement('button'), {
      textContent: 'Answer',
      className: 'ch-call-answer',
    });
    button.addEventListener('click', () => resolve());
    document.body.append(button);
  });
}
const device = await Device.factory();
await device.load({ routerRtpCapabilities: await ask('capabilities') });

async function transport(direction: 'send' | 'recv'): Promise<types.Transport> {
  const options = await ask<types.TransportOptions>('transport', { direction });
  const made = direction === 'send' ? device.createSendTransport(options) : device.createRecvTransport(options);
  made.on('connect', ({ dtlsParameters }, done, failed) => {
    ask('connect', { direction, dtlsParameters }).then(done, failed);
  });
  made.on('produce', ({ kind, rtpParameters }, done, failed) => {
    ask<{ id: string }>('produce', { kind, rtpParameters }).then(done, failed);
  });
  return made;
}

const send = await transport('send');
const [microphone, camera] = [media.getAudioTracks()[0], media.getVideoTracks()[0]];
const voice = asked.get('voice') ?? 'fec';
const mended = { opusFec: voice === 'fec' || voice === 'both', opusNack: voice === 'nack' || voice === 'both' };
if (microphone) await send.produce({ track: microphone, codecOptions: mended });
const codec = device.sendRtpCapabilities.codecs?.find((one) => one.mimeType === mimeType);
if (camera) await send.produce({ track: camera, encodings: LAYERS[asked.get('layers') ?? 'simulcast'], codec });

const receive = await transport('recv');
const known = new Set<string>();
for (;;) {
  for (const producerId of await ask<string[]>('producers', { known: [...known] })) {
    known.add(producerId);
    const options = await ask<types.ConsumerOptions>('consume', {
      producerId,
      rtpCapabilities: device.recvRtpCapabilities,
    });
    const { track, id } = await receive.consume(options);
    await ask('resume', { id });
    const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
    Object.assign(element, { autoplay: true, playsInline: true, muted: track.kind === 'video' });
    element.srcObject = new MediaStream([track]);
    document.querySelector('.ch-call-others')?.append(element);
  }
}
