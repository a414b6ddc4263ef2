import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** Small files of every kind, made by hand so that a test knows each of their bytes. */

const segment = (marker: number, content: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
};

/** A baseline JPEG in form; its scan is noise, so that it has any size wanted. */
export function jpeg(options: { width?: number; height?: number; bytes?: number; comment?: string } = {}): Buffer {
  const { width = 1920, height = 1080, bytes = 2_000, comment } = options;
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  // 0xFF within a scan would be a marker.
  const scan = randomBytes(bytes).map((byte) => (byte === 0xff ? 0 : byte));
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0', 'latin1')),
    ...(comment === undefined ? [] : [segment(0xfe, Buffer.from(comment, 'latin1'))]),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    scan,
    Buffer.from([0xff, 0xd9]),
  ]);
}

const chunk = (type: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const out = Buffer.alloc(8);
  out.writeUInt32BE(content.length);
  out.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
};

export function png(options: { width?: number; height?: number; text?: string; extra?: Buffer } = {}): Buffer {
  const { width = 4, height = 4, text, extra } = options;
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(text === undefined ? [] : [chunk('tEXt', Buffer.from(`Comment\0${text}`, 'latin1'))]),
    ...(extra === undefined ? [] : [chunk('zzZz', extra)]),
    chunk('IDAT', deflateSync(Buffer.alloc(Math.min(height, 64) * (Math.min(width, 64) + 1)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const pdf = (inside = ''): Buffer =>
  Buffer.from(
    `%PDF-1.7\n1 0 obj\n<< /Type /Catalog ${inside} >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n`,
    'latin1',
  );

const box = (type: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(content.length + 8);
  return Buffer.concat([head, Buffer.from(type, 'latin1'), content]);
};
export const heic = (): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    box('meta', randomBytes(40)),
    box('mdat', randomBytes(400)),
  ]);

export const dicom = (preamble: Buffer = Buffer.alloc(128)): Buffer =>
  Buffer.concat([preamble, Buffer.from('DICM', 'latin1'), randomBytes(300)]);

/** An empty archive; `comment` bytes more may follow it and still be part of it. */
export function zip(comment = 0): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(comment, 20);
  return end;
}
