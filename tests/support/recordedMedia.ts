import { execFile } from 'node:child_process';
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { SegmentHead, type WebmPart, WebmSplitter } from '@cloud-hospital/protocol/sfu';

const run = promisify(execFile);

/** Every file below the directory. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

export const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;

/** A segment opened by the documented framing alone, without the code that reads it in earnest. */
export async function openSegment(file: string, key: Buffer): Promise<{ head: SegmentHead; content: Buffer }> {
  const id = path.basename(file).replace('.part', '');
  const fileKey = Buffer.from(hkdfSync('sha256', key, id, 'attachment', 32));
  const sealed = await readFile(file);
  const records: Buffer[] = [];
  let offset = 0;
  for (let at = 0; at + 4 <= sealed.length; ) {
    const length = sealed.readUInt32BE(at);
    const end = at + 4 + 12 + length + 16;
    if (end > sealed.length) break;
    const decipher = createDecipheriv('aes-256-gcm', fileKey, sealed.subarray(at + 4, at + 16));
    decipher.setAAD(Buffer.from(`${id} ${offset} ${length}`));
    decipher.setAuthTag(sealed.subarray(end - 16, end));
    records.push(Buffer.concat([decipher.update(sealed.subarray(at + 16, end - 16)), decipher.final()]));
    offset += length;
    at = end;
  }
  const [head, ...content] = records;
  return { head: SegmentHead.parse(JSON.parse(String(head))), content: Buffer.concat(content) };
}

export interface OpenedSegment {
  readonly head: SegmentHead;
  readonly parts: readonly WebmPart[];
}

/** Segments of one take in their order. */
export async function openSegments(files: readonly string[], key: Buffer): Promise<OpenedSegment[]> {
  const opened = await Promise.all(files.map((file) => openSegment(file, key)));
  return opened
    .map(({ head, content }) => ({ head, parts: new WebmSplitter().push(content) }))
    .toSorted((a, b) => a.head.ordinal - b.head.ordinal);
}

/** The stream that they were cut from: the head once, then every segment without its own. */
export const joinSegments = (segments: readonly OpenedSegment[]): Buffer =>
  Buffer.concat(segments.flatMap(({ parts }, index) => parts.slice(index === 0 ? 0 : 1)).map(({ bytes }) => bytes));

export interface Probed {
  readonly codecs: readonly string[];
  readonly seconds: number;
}

/** What ffprobe finds in a file, packet by packet. */
export async function probe(file: string): Promise<Probed> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_entries', 'stream=codec_name:packet=pts_time', '-of', 'json', file],
  ]);
  const { streams, packets } = JSON.parse(stdout) as {
    streams: { codec_name: string }[];
    packets: { pts_time?: string }[];
  };
  return {
    codecs: streams.map(({ codec_name }) => codec_name).toSorted(),
    seconds: Math.max(0, ...packets.map(({ pts_time }) => Number(pts_time ?? 0))),
  };
}

/**
 * When the picture turns white and when a tone begins, seconds since the file's zero.
 * @param tile of the picture alone, as ffmpeg's `crop` names it
 */
export async function flashesAndBeeps(file: string, tile = 'iw:ih'): Promise<{ flashes: number[]; beeps: number[] }> {
  const [{ stdout }, { stderr }] = await Promise.all([
    run('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-i', file, '-map', '0:v'],
      ...['-vf', `crop=${tile},signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-`, '-vsync', 'passthrough'],
      ...['-f', 'null', '-'],
    ]),
    run('ffmpeg', [
      ...['-nostdin', '-i', file, '-map', '0:a', '-af', 'aresample=async=1,silencedetect=noise=-20dB:d=0.3'],
      ...['-f', 'null', '-'],
    ]),
  ]);
  const flashes: number[] = [];
  let at = 0;
  let isWhite = false;
  for (const line of stdout.split('\n')) {
    at = Number(/pts_time:([\d.]+)/.exec(line)?.[1] ?? at);
    const level = /YAVG=([\d.]+)/.exec(line)?.[1];
    if (level === undefined) continue;
    if (Number(level) > 120 && !isWhite) flashes.push(at);
    isWhite = Number(level) > 120;
  }
  const beeps = [...stderr.matchAll(/silence_end: ([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  return { flashes, beeps };
}
