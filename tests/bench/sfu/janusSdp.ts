import type { IceRemote } from './connectSrtp.ts';
import type { Opened } from './loadMessages.ts';
import { STREAM, TRANSPORT_CC } from './topology.ts';

/** ICE and DTLS of one of the generator's sockets; it is always the client. */
const transportLines = ({ address, usernameFragment, password, fingerprint }: Opened, port: number): string[] => [
  `a=ice-ufrag:${usernameFragment}`,
  `a=ice-pwd:${password}`,
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:active',
  `a=candidate:1 1 udp 2130706431 ${address} ${port} typ host`,
  'a=end-of-candidates',
];

const sessionLines = (mids: readonly string[]): string[] => [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `a=group:BUNDLE ${mids.join(' ')}`,
];

const text = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

/** What a browser would offer for one VP8 stream with NACK, RTX and transport-cc. */
export function publisherOffer(ends: Opened, port: number, publisher: number): string {
  const { payloadType, rtxPayloadType, transportCcId } = STREAM;
  const [ssrc, rtxSsrc] = [STREAM.ssrcOf(publisher), STREAM.rtxSsrcOf(publisher)];
  return text([
    ...sessionLines(['0']),
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadType} ${rtxPayloadType}`,
    'c=IN IP4 127.0.0.1',
    'a=sendonly',
    'a=mid:0',
    'a=rtcp-mux',
    ...transportLines(ends, port),
    `a=rtpmap:${payloadType} VP8/90000`,
    ...['nack', 'nack pli', 'ccm fir', 'transport-cc'].map((feedback) => `a=rtcp-fb:${payloadType} ${feedback}`),
    `a=rtpmap:${rtxPayloadType} rtx/90000`,
    `a=fmtp:${rtxPayloadType} apt=${payloadType}`,
    `a=extmap:${transportCcId} ${TRANSPORT_CC}`,
    'a=msid:bench video',
    `a=ssrc-group:FID ${ssrc} ${rtxSsrc}`,
    `a=ssrc:${ssrc} cname:publisher-${publisher}`,
    `a=ssrc:${rtxSsrc} cname:publisher-${publisher}`,
  ]);
}

const KEPT = /^a=(mid|rtpmap|fmtp|rtcp-fb|extmap|rtcp-mux)/;

/** Takes everything that Janus offers a subscriber. */
export function subscriberAnswer(offer: string, ends: Opened, port: number): string {
  const [, ...media] = offer.split(/^(?=m=)/m);
  const mids = media.map((section) => /^a=mid:(\S+)/m.exec(section)?.[1] ?? '');
  return text([
    ...sessionLines(mids),
    ...media.flatMap((section) => {
      const [line = '', ...attributes] = section.split(/\r?\n/);
      return [
        line,
        'c=IN IP4 127.0.0.1',
        'a=recvonly',
        ...attributes.filter((attribute) => KEPT.test(attribute)),
        ...transportLines(ends, port),
      ];
    }),
  ]);
}

/** Where Janus is reached for this description of its. */
export function remoteOf(sdp: string): IceRemote {
  const [, usernameFragment] = /^a=ice-ufrag:(\S+)/m.exec(sdp) ?? [];
  const [, password] = /^a=ice-pwd:(\S+)/m.exec(sdp) ?? [];
  const [, address, port] = /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im.exec(sdp) ?? [];
  if (usernameFragment === undefined || password === undefined || address === undefined) {
    throw new Error(`Janus gave no way to reach it: ${sdp}`);
  }
  return { address, port: Number(port), usernameFragment, password };
}
