import { createHash } from 'node:crypto';
import { WebmSplitter } from '@cloud-hospital/protocol/sfu';
import { type FilmCue, filmHead } from '../../domain/webmFilm.ts';
import type { EncryptedFiles } from '../../store/EncryptedFiles.ts';

/** Sealed and synced at once; whole records, so that any place in the film can be found. */
const CHUNK_BYTES = 1024 * 1024;

export interface MadeFilm {
  readonly head: Buffer;
  readonly received: number;
  readonly stored: number;
  /** Of head and content. */
  readonly sha256: string;
}

/** Takes what ffmpeg writes, seals its Clusters, and knows at the end what belongs in front of them. */
export class FilmFile {
  readonly #files: EncryptedFiles;
  readonly #fileId: string;
  readonly #splitter = new WebmSplitter();
  readonly #cues: FilmCue[] = [];
  #header: Buffer | undefined;
  #pending = Buffer.alloc(0);
  #at = { stored: 0, received: 0 };

  private constructor(files: EncryptedFiles, fileId: string) {
    this.#files = files;
    this.#fileId = fileId;
  }

  static async create(files: EncryptedFiles, fileId: string): Promise<FilmFile> {
    await files.create(fileId);
    return new FilmFile(files, fileId);
  }

  /** @throws AppError STORAGE_FULL */
  async write(chunk: Buffer): Promise<void> {
    for (const part of this.#splitter.push(chunk)) {
      if (part.kind === 'header') {
        this.#header = Buffer.from(part.bytes);
        continue;
      }
      const offset = this.#at.received + this.#pending.length;
      if (part.startsWithKeyFrame) this.#cues.push({ timeMs: part.firstMs, offset });
      this.#pending = Buffer.concat([this.#pending, part.bytes]);
    }
    while (this.#pending.length >= CHUNK_BYTES) await this.#put(CHUNK_BYTES);
  }

  /** @throws Error when nothing was written, AppError STORAGE_FULL */
  async finish(durationMs: number): Promise<MadeFilm> {
    await this.#put(this.#pending.length);
    if (this.#header === undefined) throw new Error('a film without a picture');
    const head = filmHead(this.#header, this.#at.received, durationMs, this.#cues);
    const sha256 = createHash('sha256').update(head);
    for await (const chunk of this.#files.read(this.#fileId, this.#at.stored)) sha256.update(chunk);
    return { head, ...this.#at, sha256: sha256.digest('hex') };
  }

  async #put(bytes: number): Promise<void> {
    const chunk = this.#pending.subarray(0, bytes);
    this.#pending = this.#pending.subarray(bytes);
    await this.#files.assertRoom(chunk.length);
    const stored = await this.#files.append(this.#fileId, this.#at, chunk);
    this.#at = { stored, received: this.#at.received + chunk.length };
  }
}
