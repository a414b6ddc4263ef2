import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';

/** Of one sealed record: what must be held in memory to check and read it. */
const RECORD_BYTES = 64 * 1024;
const FULL_DISK = new Set(['ENOSPC', 'EDQUOT']);

/** No room for it: nothing of that part was kept. */
export class StorageFull extends Error {
  constructor(options?: ErrorOptions) {
    super('no room for the recording', options);
    this.name = 'StorageFull';
  }
}

export type SealedFileOptions = {
  /** Of the recording. */
  readonly directory: string;
  readonly fileId: string;
  /** The recording's own, 32 bytes. */
  readonly key: Buffer;
  /** Of the disk are left free for everybody else. */
  readonly reserveBytes: () => number;
};

/**
 * A file that is written bit by bit and never readable on the disk: records of length (uint32), IV, AES-256-GCM
 * ciphertext and tag, each bound to its file and place, as signaling keeps attachments (`store/EncryptedFiles.ts`, which
 * reads it). Until it is whole its name ends in `.part`; a reader takes what whole records such a one has.
 */
export class SealedFile {
  readonly #options: SealedFileOptions;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #key: Buffer;
  #received = 0;

  private constructor(options: SealedFileOptions, handle: FileHandle, file: string) {
    this.#options = options;
    this.#handle = handle;
    this.#path = file;
    this.#key = Buffer.from(hkdfSync('sha256', options.key, options.fileId, 'attachment', 32));
  }

  /** @throws StorageFull */
  static async create(options: SealedFileOptions): Promise<SealedFile> {
    const directory = path.join(options.directory, options.fileId.slice(0, 2));
    return onDisk(async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const file = path.join(directory, options.fileId);
      return new SealedFile(options, await open(`${file}.part`, 'wx', 0o600), file);
    });
  }

  /** One or more records, whole or not at all. @throws StorageFull */
  async append(content: Uint8Array): Promise<void> {
    const { directory, reserveBytes } = this.#options;
    const records: Buffer[] = [];
    for (let start = 0; start < content.length; start += RECORD_BYTES) {
      records.push(this.#seal(this.#received + start, content.subarray(start, start + RECORD_BYTES)));
    }
    await onDisk(async () => {
      const { bavail, bsize } = await statfs(directory);
      if (bavail * bsize < content.length + reserveBytes()) throw new StorageFull();
      const { size } = await this.#handle.stat();
      try {
        const { bytesWritten } = await this.#handle.writev(records, size);
        // A disk that is filled by a write takes a part of it without an error.
        if (bytesWritten < records.reduce((sum, record) => sum + record.length, 0)) throw new StorageFull();
      } catch (error) {
        await this.#handle.truncate(size);
        throw error;
      }
    });
    this.#received += content.length;
  }

  /** Makes it durable and gives it its name. @throws StorageFull */
  async finish(): Promise<void> {
    try {
      await onDisk(async () => {
        await this.#handle.sync();
        await rename(`${this.#path}.part`, this.#path);
        const { directory } = this.#options;
        // The names themselves must survive a power cut, too.
        for (const one of [path.dirname(this.#path), directory, path.dirname(directory)]) await synced(one);
      });
    } finally {
      await this.#handle.close();
    }
  }

  /** Of what holds nothing yet nothing is left. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(`${this.#path}.part`, { force: true });
  }

  #seal(offset: number, content: Uint8Array): Buffer {
    const { fileId } = this.#options;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    cipher.setAAD(Buffer.from(`${fileId} ${offset} ${content.length}`));
    return Buffer.concat([length, iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (FULL_DISK.has(code)) throw new StorageFull({ cause: error });
    throw error;
  }
}

async function synced(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
