import type { types as mediasoup } from 'mediasoup';

/** One stream as ffmpeg is told of it. */
export type DescribedStream = {
  readonly kind: 'audio' | 'video';
  readonly port: number;
  readonly rtpParameters: mediasoup.RtpParameters;
};

/** NTP counts from 1900 (RFC 5905). Seconds before 1970. */
const NTP_OFFSET_S = 2_208_988_800;
const SENDER_REPORT = 200;
const SENDER_REPORT_BYTES = 28;

/** SDP (RFC 8866) of what comes to loopback. */
export function describeSession(streams: readonly DescribedStream[]): string {
  const lines = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  for (const { kind, port, rtpParameters } of streams) {
    const [codec] = rtpParameters.codecs;
    if (codec === undefined) throw new TypeError('a stream without a codec');
    const { payloadType, mimeType, clockRate, channels, parameters } = codec;
    const name = mimeType.slice(mimeType.indexOf('/') + 1);
    lines.push(
      `m=${kind} ${port} RTP/AVP ${payloadType}`,
      `a=rtpmap:${payloadType} ${name}/${clockRate}${channels === undefined || channels === 1 ? '' : `/${channels}`}`,
    );
    const settings = Object.entries(parameters ?? {}).map(([key, value]) => `${key}=${String(value)}`);
    if (settings.length > 0) lines.push(`a=fmtp:${payloadType} ${settings.join(';')}`);
    lines.push('a=recvonly');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * An RTCP sender report (RFC 3550 §6.4.1): which instant an RTP timestamp stands for.
 * @param wallMs milliseconds since 1970
 */
export function senderReport(ssrc: number, rtpTimestamp: number, wallMs: number): Buffer {
  const report = Buffer.alloc(SENDER_REPORT_BYTES);
  report.writeUInt8(0x80, 0);
  report.writeUInt8(SENDER_REPORT, 1);
  report.writeUInt16BE(SENDER_REPORT_BYTES / 4 - 1, 2);
  report.writeUInt32BE(ssrc, 4);
  const seconds = Math.floor(wallMs / 1000);
  report.writeUInt32BE(seconds + NTP_OFFSET_S, 8);
  report.writeUInt32BE(Math.floor((wallMs / 1000 - seconds) * 2 ** 32), 12);
  report.writeUInt32BE(rtpTimestamp, 16);
  report.writeUInt32BE(1, 20);
  return report;
}

/** The first report of a compound packet; undefined for anything else. */
export function readSenderReport(packet: Buffer): { ssrc: number; timestamp: number; wallMs: number } | undefined {
  if (packet.length < SENDER_REPORT_BYTES || packet.readUInt8(1) !== SENDER_REPORT) return undefined;
  const seconds = packet.readUInt32BE(8) - NTP_OFFSET_S;
  return {
    ssrc: packet.readUInt32BE(4),
    timestamp: packet.readUInt32BE(16),
    wallMs: (seconds + packet.readUInt32BE(12) / 2 ** 32) * 1000,
  };
}
