import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@cloud-hospital/protocol';

const KEY_BYTES = 32;
const LENGTH_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Beside the content of each record. */
export const OVERHEAD_BYTES = LENGTH_BYTES + IV_BYTES + TAG_BYTES;
/** Content of one sealed record: what must be held in memory to check and read it. */
export const RECORD_BYTES = 64 * 1024;
const FULL_DISK = new Set(['ENOSPC', 'EDQUOT']);

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/**
 * Files that are written bit by bit and unreadable on the disk: records of length (uint32), IV, AES-256-GCM ciphertext
 * and tag. Each file has a key of its own (HKDF-SHA256 over its id). A record is bound to its file and its place in it
 * by what is authenticated beside it, so that records can be neither moved nor taken over from another file. How many
 * there are is the caller's to know: whoever cuts the file's end is found by the caller's count and hash.
 */
export class EncryptedFiles {
  readonly #directory: string;
  readonly #key: Buffer;
  readonly #reserveBytes: number;

  /**
   * @param key 32 bytes, base64
   * @param reserveBytes of the disk are left free for everybody else (the database's log first of all)
   */
  constructor(directory: string, key: string, reserveBytes: number) {
    this.#directory = directory;
    this.#key = Buffer.from(key, 'base64');
    this.#reserveBytes = reserveBytes;
    if (this.#key.length < KEY_BYTES) throw new TypeError(`the file key needs ${KEY_BYTES} bytes`);
  }

  /** @throws AppError STORAGE_FULL when so many bytes more don't fit */
  async assertRoom(bytes: number): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#directory);
    if (bavail * bsize < bytes + this.#reserveBytes) throw new AppError('STORAGE_FULL');
  }

  /** Makes an empty file, durably. Harmless for one that is there. */
  async create(id: string): Promise<void> {
    const file = this.#path(id);
    await this.#onDisk(async () => {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await (await open(file, 'a', 0o600)).close();
      // The name itself must survive a power cut, too.
      for (const directory of [path.dirname(file), this.#directory]) await synced(directory);
    });
  }

  /**
   * Writes behind what is known to be there; whatever an interrupted write left behind that is cut off.
   * @param at where the records end so far: bytes on the disk and bytes of content
   * @returns bytes on the disk afterwards, which are durable
   * @throws AppError STORAGE_FULL with nothing kept
   */
  async append(id: string, at: { stored: number; received: number }, content: Buffer): Promise<number> {
    const records: Buffer[] = [];
    for (let start = 0; start < content.length; start += RECORD_BYTES) {
      records.push(this.#seal(id, at.received + start, content.subarray(start, start + RECORD_BYTES)));
    }
    const bytes = records.reduce((sum, record) => sum + record.length, 0);
    await this.#onDisk(async () => {
      const handle = await open(this.#path(id), 'r+');
      try {
        await handle.truncate(at.stored);
        const { bytesWritten } = await handle.writev(records, at.stored);
        // A disk that is filled by a write takes a part of it without an error.
        if (bytesWritten < bytes) throw new AppError('STORAGE_FULL');
        await handle.datasync();
      } finally {
        await handle.close();
      }
    });
    return at.stored + bytes;
  }

  /**
   * The content, record by record.
   * @param stored bytes on the disk
   * @throws Error when something in it isn't what was written
   */
  read(id: string, stored: number): AsyncGenerator<Buffer> {
    return this.#readFrom(id, stored, 0);
  }

  /**
   * The content from some byte on, of a file whose records are all full but the last: where they lie can be worked out.
   * @throws Error when something in it isn't what was written
   */
  async *readFrom(id: string, stored: number, start: number): AsyncGenerator<Buffer> {
    const first = Math.floor(start / RECORD_BYTES);
    let skip = start - first * RECORD_BYTES;
    for await (const content of this.#readFrom(id, stored, first)) {
      yield content.subarray(skip);
      skip = 0;
    }
  }

  /** Bytes on the disk. */
  async size(id: string): Promise<number> {
    return (await stat(this.#path(id))).size;
  }

  /** SHA-256 of what lies on the disk, hex. */
  async hashStored(id: string, stored: number): Promise<string> {
    const hash = createHash('sha256');
    const bytes: AsyncIterable<Buffer> = createReadStream(this.#path(id), { start: 0, end: stored - 1 });
    for await (const chunk of bytes) hash.update(chunk);
    return hash.digest('hex');
  }

  async *#readFrom(id: string, stored: number, record: number): AsyncGenerator<Buffer> {
    const handle = await open(this.#path(id), 'r');
    try {
      let received = record * RECORD_BYTES;
      for (let position = record * (RECORD_BYTES + OVERHEAD_BYTES); position < stored; ) {
        const length = (await exactly(handle, position, LENGTH_BYTES)).readUInt32BE();
        if (length === 0 || length > RECORD_BYTES) throw new Error(`the file ${id} is damaged`);
        const sealed = await exactly(handle, position, length + OVERHEAD_BYTES);
        yield this.#unseal(id, received, sealed);
        position += sealed.length;
        received += length;
      }
    } finally {
      await handle.close();
    }
  }

  /** Harmless when it is gone. */
  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return path.join(this.#directory, id.slice(0, 2), id);
  }

  #keyOf(id: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, id, 'attachment', KEY_BYTES));
  }

  #seal(id: string, offset: number, content: Buffer): Buffer {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(content.length);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(id), iv);
    cipher.setAAD(placeOf(id, offset, content.length));
    return Buffer.concat([length, iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  }

  #unseal(id: string, offset: number, sealed: Buffer): Buffer {
    const body = sealed.subarray(LENGTH_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(id), body.subarray(0, IV_BYTES));
    decipher.setAAD(placeOf(id, offset, sealed.length - OVERHEAD_BYTES));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  }

  async #onDisk(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (FULL_DISK.has(String(codeOf(error)))) throw new AppError('STORAGE_FULL', undefined, { cause: error });
      throw error;
    }
  }
}

const placeOf = (id: string, offset: number, length: number): Buffer => Buffer.from(`${id} ${offset} ${length}`);

async function exactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('the file is shorter than what was stored');
  return buffer;
}

async function synced(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
