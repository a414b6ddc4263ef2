import type { ContentType } from '@cloud-hospital/protocol/rest';

/** Width and height in pixels; null where they are of no concern. */
export type Size = { readonly width: number; readonly height: number } | null;
/** Why a content isn't admitted, though it begins like one of the admitted kinds. */
export type Refusal = 'damaged' | 'polyglot' | 'active' | 'too-many-pixels';
export type Structure = { readonly ok: true; readonly size: Size } | { readonly ok: false; readonly refusal: Refusal };

const refuse = (refusal: Refusal): Structure => ({ ok: false, refusal });
const admit = (size: Size): Structure => ({ ok: true, size });

/** What a browser could take for a page, or a server for a program, in the texts that pictures carry. */
const ACTIVE_TEXT = /<(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?php)/i;
/** A picture of 100 million pixels is 400 MB once unpacked. */
const MAX_PIXELS = 100_000_000;

const picture = (width: number, height: number): Structure =>
  width === 0 || height === 0
    ? refuse('damaged')
    : width * height > MAX_PIXELS
      ? refuse('too-many-pixels')
      : admit({ width, height });

const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const holdsText = (marker: number): boolean => marker === 0xfe || (marker >= 0xe0 && marker <= 0xef);

/** ITU-T T.81 annex B: markers from SOI to EOI. @returns where the picture ends */
function jpegImage(bytes: Buffer, start: number): { end: number; size: Size } | Refusal {
  let size: Size = null;
  let at = start + 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return 'damaged';
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return size === null ? 'damaged' : { end: at + 2, size };
    if (at + 4 > bytes.length) return 'damaged';
    const length = bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || segment.length < length - 2) return 'damaged';
    if (holdsText(marker) && ACTIVE_TEXT.test(segment.toString('latin1'))) return 'active';
    if (isStartOfFrame(marker) && segment.length >= 5) {
      size = { height: segment.readUInt16BE(1), width: segment.readUInt16BE(3) };
    }
    at += 2 + length;
    if (marker === 0xda) at = endOfScan(bytes, at);
  }
  return 'damaged';
}

/** In a scan 0xFF is followed by 0 or a restart marker; anything else ends it. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0 && !(next !== undefined && next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Phones put further pictures (depth, preview) behind the first one; nothing else may stand there. */
function jpeg(bytes: Buffer): Structure {
  const first = jpegImage(bytes, 0);
  if (typeof first === 'string') return refuse(first);
  let { end } = first;
  while (end < bytes.length) {
    if (bytes[end] === 0) end += 1;
    else if (bytes.readUInt16BE(Math.min(end, bytes.length - 2)) === 0xffd8) {
      const next = jpegImage(bytes, end);
      if (typeof next === 'string') return refuse(next === 'damaged' ? 'polyglot' : next);
      ({ end } = next);
    } else return refuse('polyglot');
  }
  return picture(first.size?.width ?? 0, first.size?.height ?? 0);
}

const PNG_HEADER_BYTES = 8;
const PNG_TEXTS = new Set(['tEXt', 'iTXt', 'zTXt', 'eXIf']);

/** ISO 15948: chunks from IHDR to IEND, and nothing behind it. */
function png(bytes: Buffer): Structure {
  let size: Size = null;
  for (let at = PNG_HEADER_BYTES; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (content.length < length || (size === null) !== (type === 'IHDR')) return refuse('damaged');
    if (type === 'IHDR') {
      if (length !== 13) return refuse('damaged');
      size = { width: content.readUInt32BE(0), height: content.readUInt32BE(4) };
    }
    if (PNG_TEXTS.has(type) && ACTIVE_TEXT.test(content.toString('latin1'))) return refuse('active');
    at += 12 + length;
    if (type === 'IEND') {
      return at === bytes.length ? picture(size?.width ?? 0, size?.height ?? 0) : refuse('polyglot');
    }
  }
  return refuse('damaged');
}

const HEIC_BOXES = new Set(['ftyp', 'meta', 'mdat', 'free', 'skip', 'idat']);

/** ISO/IEC 23008-12: boxes of a still picture, up to the very end. */
function heic(bytes: Buffer): Structure {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!HEIC_BOXES.has(type)) return refuse('polyglot');
    if (short === 1 && at + 16 > bytes.length) return refuse('damaged');
    const length = short === 0 ? bytes.length - at : short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
    if (length < 8 || at + length > bytes.length) return refuse('damaged');
    at += length;
  }
  return at === bytes.length ? admit(null) : refuse('polyglot');
}

const PDF_TAIL_BYTES = 1024;
/** What a document does by itself. Names may be written with #xx for any letter. */
const PDF_ACTIONS = /\/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b/;

/** ISO 32000: from the version at the very beginning to %%EOF at the very end. */
function pdf(bytes: Buffer): Structure {
  if (bytes.toString('latin1', 0, 5) !== '%PDF-') return refuse('polyglot');
  if (!bytes.subarray(-PDF_TAIL_BYTES).toString('latin1').trimEnd().endsWith('%%EOF')) return refuse('polyglot');
  const text = bytes
    .toString('latin1')
    .replaceAll(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
  return PDF_ACTIONS.test(text) ? refuse('active') : admit(null);
}

const DICOM_PREAMBLE_BYTES = 128;

/** DICOM PS3.10: the preamble may hold another program's header, so ours has to be empty. */
const dicom = (bytes: Buffer): Structure =>
  bytes.subarray(0, DICOM_PREAMBLE_BYTES).every((byte) => byte === 0) ? admit(null) : refuse('polyglot');

const END_OF_ARCHIVE = Buffer.from('PK\u0005\u0006', 'latin1');
const END_OF_ARCHIVE_BYTES = 22;

/** A ZIP is read from its end: whatever comes before is of no concern to whoever opens it as one (APPNOTE 4.3.16). */
function isArchiveToo(bytes: Buffer): boolean {
  for (
    let at = bytes.lastIndexOf(END_OF_ARCHIVE);
    at >= 0;
    at = at === 0 ? -1 : bytes.lastIndexOf(END_OF_ARCHIVE, at - 1)
  ) {
    if (bytes.length - at > END_OF_ARCHIVE_BYTES + 0xffff) return false;
    if (at + END_OF_ARCHIVE_BYTES <= bytes.length) {
      const comment = bytes.readUInt16LE(at + 20);
      if (at + END_OF_ARCHIVE_BYTES + comment === bytes.length) return true;
    }
  }
  return false;
}

const CHECKS: { readonly [Type in ContentType]: (bytes: Buffer) => Structure } = {
  'image/jpeg': jpeg,
  'image/png': png,
  'image/heic': heic,
  'application/pdf': pdf,
  'application/dicom': dicom,
};

/** Whether a content that begins like this type is that from beginning to end, and nothing else beside it. */
export const checkStructure = (type: ContentType, bytes: Buffer): Structure =>
  isArchiveToo(bytes) ? refuse('polyglot') : CHECKS[type](bytes);
