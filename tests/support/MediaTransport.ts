import type { TransportParameters } from '@cloud-hospital/protocol/sfu';
import {
  IceCandidate,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceParameters,
  RTCIceTransport,
  RtpHeader,
  RtpPacket,
} from 'werift';

/** SRTP protection profiles as registered with IANA (RFC 7714 §14.2, RFC 5764 §4.1.2). */
const AEAD_AES_128_GCM = 0x0007;
const AES128_CM_HMAC_SHA1_80 = 0x0001;

/**
 * The far end of one WebRtcTransport without a browser: real ICE, DTLS and SRTP over UDP, RTP by hand. For tests that
 * must see packets, and for many peers at once.
 */
export class MediaTransport {
  /** What made a stream stop by itself. */
  readonly failures: unknown[] = [];
  readonly #ice: RTCIceTransport;
  readonly #dtls: RTCDtlsTransport;
  readonly #received = new Map<number, RtpPacket[]>();
  readonly #sequence = new Map<number, number>();
  readonly #senders = new Set<NodeJS.Timeout>();

  private constructor(ice: RTCIceTransport, dtls: RTCDtlsTransport) {
    this.#ice = ice;
    this.#dtls = dtls;
    dtls.onRtp.subscribe((packet) => {
      const ofStream = this.#received.get(packet.header.ssrc) ?? [];
      this.#received.set(packet.header.ssrc, [...ofStream, packet]);
    });
  }

  /**
   * Brings ICE and DTLS up.
   *
   * @param sendDtlsParameters hands the own DTLS parameters to the node (`transport:connect`)
   */
  static async connect(
    remote: TransportParameters,
    sendDtlsParameters: (dtlsParameters: {
      role: 'client';
      fingerprints: { algorithm: 'sha-256'; value: string }[];
    }) => Promise<unknown>,
  ): Promise<MediaTransport> {
    const gatherer = new RTCIceGatherer({ useIpv6: false, additionalHostAddresses: ['127.0.0.1'] });
    const ice = new RTCIceTransport(gatherer);
    // The node is ICE-lite: this end is controlling and nominates.
    ice.connection.iceControlling = true;
    const certificate = await RTCDtlsTransport.SetupCertificate();
    const dtls = new RTCDtlsTransport({}, ice, certificate, [AEAD_AES_128_GCM, AES128_CM_HMAC_SHA1_80]);
    dtls.role = 'client';
    const transport = new MediaTransport(ice, dtls);

    await ice.gather();
    const { usernameFragment, password } = remote.iceParameters;
    ice.setRemoteParams(new RTCIceParameters({ iceLite: true, usernameFragment, password }));
    for (const { foundation, address, port, priority, protocol, type } of remote.iceCandidates) {
      if (protocol !== 'udp') continue;
      await ice.addRemoteCandidate(new IceCandidate(1, foundation, address, port, priority, protocol, type));
    }
    await ice.addRemoteCandidate(undefined);
    const fingerprints = dtls.localParameters.fingerprints.map(({ value }) => ({
      algorithm: 'sha-256' as const,
      value,
    }));
    dtls.setRemoteParams(
      new RTCDtlsParameters(
        remote.dtlsParameters.fingerprints.map(({ algorithm, value }) => new RTCDtlsFingerprint(algorithm, value)),
        'server',
      ),
    );
    await Promise.all([sendDtlsParameters({ role: 'client', fingerprints }), ice.start()]);
    await dtls.start();
    return transport;
  }

  /** RTP packets received so far of one stream. */
  packetsOf(ssrc: number): readonly RtpPacket[] {
    return this.#received.get(ssrc) ?? [];
  }

  /** Sends one RTP packet; sequence numbers rise by one for each stream. */
  async send(stream: RtpStream): Promise<void> {
    const sequenceNumber = (this.#sequence.get(stream.ssrc) ?? 0) + 1;
    this.#sequence.set(stream.ssrc, sequenceNumber);
    const header = new RtpHeader({
      version: 2,
      marker: true,
      payloadType: stream.payloadType,
      sequenceNumber: sequenceNumber & 0xffff,
      timestamp: (sequenceNumber * stream.timestampStep) >>> 0,
      ssrc: stream.ssrc,
      extension: stream.extensions !== undefined,
      extensionProfile: 0xbede,
      extensions: stream.extensions ?? [],
    });
    await this.#dtls.sendRtp(stream.payload, header);
  }

  /** Sends a packet that another program made, under the SSRC and payload type that were agreed here. */
  async forward(packet: Buffer, { ssrc, payloadType }: Pick<RtpStream, 'ssrc' | 'payloadType'>): Promise<void> {
    const { header, payload } = RtpPacket.deSerialize(packet);
    await this.#dtls.sendRtp(payload, Object.assign(header, { ssrc, payloadType, padding: false }));
  }

  /** Sends one packet of the stream each `intervalMs` until the transport closes or the returned function is called. */
  stream(stream: RtpStream, intervalMs: number): () => void {
    const timer = setInterval(() => {
      this.send(stream).catch((error: unknown) => {
        clearInterval(timer);
        this.failures.push(error);
      });
    }, intervalMs);
    this.#senders.add(timer);
    return () => {
      clearInterval(timer);
    };
  }

  /** Vanishes as a power cut does: the node hears nothing of it. */
  async vanish(): Promise<void> {
    for (const timer of this.#senders) clearInterval(timer);
    await this.#ice.stop();
  }

  /** Closes DTLS, so that the node learns it at once. */
  async close(): Promise<void> {
    for (const timer of this.#senders) clearInterval(timer);
    await this.#dtls.stop();
    await this.#ice.stop();
  }
}

export type RtpStream = {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Clock ticks from packet to packet. */
  readonly timestampStep: number;
  readonly payload: Buffer;
  readonly extensions?: { readonly id: number; readonly payload: Buffer }[];
};

/** 20 ms of Opus at −`level` dBov; extension `levelExtensionId` carries the level (RFC 6464). */
export function opusStream(ssrc: number, payloadType: number, levelExtensionId: number, level = 20): RtpStream {
  return {
    ssrc,
    payloadType,
    timestampStep: 960,
    // TOC byte of a 20 ms CELT frame, then noise: nobody decodes it.
    payload: Buffer.concat([Buffer.from([0xf8]), Buffer.alloc(60, 0x5a)]),
    extensions: [{ id: levelExtensionId, payload: Buffer.from([0x80 | level]) }],
  };
}
