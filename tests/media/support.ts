import { randomBytes, randomUUID } from 'node:crypto';
import { NodeId, PeerId, RoomId } from '@cloud-hospital/protocol';
import type { RtpCapabilities, RtpParameters, SfuRequestInput } from '@cloud-hospital/protocol/sfu';
import { createSfuNode, type SfuNode } from '@cloud-hospital/sfu';
import type { SfuConfig } from '@cloud-hospital/sfu/config';
import { createLogger } from '@cloud-hospital/sfu/logger';
import { ControlLinkClient } from '../support/ControlLinkClient.ts';

/** A media node of its own for one test file: free ports, a fresh secret, no Redis. */
export class TestNode {
  readonly node: SfuNode;
  readonly secret: string;
  readonly #links: ControlLinkClient[] = [];

  private constructor(node: SfuNode, secret: string) {
    this.node = node;
    this.secret = secret;
  }

  static async start(overrides: Partial<SfuConfig> = {}): Promise<TestNode> {
    const secret = randomBytes(32).toString('hex');
    const config: SfuConfig = {
      nodeId: NodeId.parse('sfu-test'),
      control: { host: '127.0.0.1', port: 0, announcedHost: '127.0.0.1' },
      rtc: { listenIp: '127.0.0.1', announcedAddress: undefined, basePort: 0 },
      workers: 1,
      workerBin: process.env['MEDIASOUP_WORKER_BIN'],
      linkSecret: secret,
      redisUrl: undefined,
      logLevel: 'silent',
      bitrates: { maxIncoming: 6_000_000, initialOutgoing: 600_000, minOutgoing: 50_000 },
      ghostAfterMs: 60_000,
      drainDeadlineMs: 10_000,
      recording: undefined,
      ...overrides,
    };
    const logger = createLogger(config.logLevel, {});
    return new TestNode(await createSfuNode(config, logger), config.linkSecret);
  }

  /** A further replica linked to the node, or the same one again. */
  async link(replicaId?: string): Promise<ControlLinkClient> {
    const options = { secret: this.secret, ...(replicaId === undefined ? {} : { replicaId }) };
    const link = await ControlLinkClient.connect(this.node.controlUrl, options);
    this.#links.push(link);
    return link;
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.close()));
    await this.node.close();
  }
}

export const newRoomId = (): RoomId => RoomId.parse(randomUUID());
export const newPeerId = (): PeerId => PeerId.parse(randomUUID());

/** What a browser with Opus and VP8 can receive; payload types as the node's Router prefers them. */
export const rtpCapabilities: RtpCapabilities = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      preferredPayloadType: 101,
      clockRate: 90_000,
      rtcpFeedback: [
        { type: 'nack' },
        { type: 'nack', parameter: 'pli' },
        { type: 'ccm', parameter: 'fir' },
        { type: 'transport-cc' },
      ],
    },
    {
      kind: 'video',
      mimeType: 'video/rtx',
      preferredPayloadType: 102,
      clockRate: 90_000,
      parameters: { apt: 101 },
    },
  ],
  headerExtensions: [
    { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1, direction: 'sendrecv' },
    { kind: 'video', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1, direction: 'sendrecv' },
  ],
};

let lastSsrc = 10_000;
/** The first of `count` SSRCs that no other stream of this process has. */
function takeSsrcs(count: number): number {
  const first = lastSsrc + 1;
  lastSsrc += count;
  return first;
}

/** A microphone as a browser would offer it. */
export function opusParameters(): RtpParameters {
  const ssrc = takeSsrcs(1);
  return {
    mid: `a${ssrc}`,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1 },
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 10 }],
    encodings: [{ ssrc }],
    rtcp: { cname: `cname-${ssrc}` },
  };
}

/** A camera in two simulcast layers. */
export function vp8Parameters(): RtpParameters {
  const ssrc = takeSsrcs(4);
  return {
    mid: `v${ssrc}`,
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
      },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
    ],
    encodings: [
      { ssrc, rtx: { ssrc: ssrc + 1 } },
      { ssrc: ssrc + 2, rtx: { ssrc: ssrc + 3 } },
    ],
    rtcp: { cname: `cname-${ssrc}` },
  };
}

/** One peer of one room, spoken for over one link. */
export class TestPeer {
  readonly link: ControlLinkClient;
  readonly roomId: RoomId;
  readonly peerId: PeerId;
  readonly epoch: number;

  constructor(link: ControlLinkClient, roomId: RoomId, epoch = 1, peerId = newPeerId()) {
    this.link = link;
    this.roomId = roomId;
    this.peerId = peerId;
    this.epoch = epoch;
  }

  get address(): { roomId: RoomId; peerId: PeerId; epoch: number } {
    return { roomId: this.roomId, peerId: this.peerId, epoch: this.epoch };
  }

  join(overrides: Partial<SfuRequestInput<'peer:join'>> = {}) {
    return this.link.request('peer:join', {
      ...this.address,
      attachment: 1,
      rights: 'active',
      rtpCapabilities,
      ...overrides,
    });
  }

  produceAudio(transportId: string) {
    return this.#produce(transportId, 'audio', 'microphone', opusParameters());
  }

  produceVideo(transportId: string) {
    return this.#produce(transportId, 'video', 'camera', vp8Parameters());
  }

  /** A screen: one stream, whose frames can be thinned for each receiver. */
  produceScreen(transportId: string, takesOver = false) {
    const [encoding] = vp8Parameters().encodings ?? [];
    const parameters = { ...vp8Parameters(), encodings: [{ ...encoding, scalabilityMode: 'L1T3' }] };
    return this.#produce(transportId, 'video', 'screen', parameters, takesOver);
  }

  #produce(
    transportId: string,
    kind: 'audio' | 'video',
    source: 'microphone' | 'camera' | 'screen',
    rtpParameters: RtpParameters,
    takesOver = false,
  ) {
    return this.link.request('producer:create', {
      ...this.address,
      transportId,
      kind,
      source,
      rtpParameters,
      takesOver,
    });
  }
}

/** The first element, for tests that have made sure there is one. */
export function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('expected at least one');
  return first;
}
