import { hkdfSync } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { EncryptedFiles } from './EncryptedFiles.ts';

const KEY_BYTES = 32;
const PART = '.part';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A segment's file as it lies there. */
export interface FoundSegment {
  readonly segmentId: string;
  /** The recorder hasn't finished it, or died over it. */
  readonly isPart: boolean;
  readonly changedAt: number;
}

/**
 * DATA_DIR/recordings: a directory for each recording, written by the media nodes, and for each composed film. Each has
 * a key of its own (HKDF-SHA256 over its id), so that a media node is told no more than what it needs for this one.
 */
export class RecordingFiles {
  readonly #directory: string;
  readonly #key: Buffer;
  readonly #reserveBytes: number;

  /** @param key 32 bytes, base64 */
  constructor(directory: string, key: string, reserveBytes: number) {
    this.#directory = directory;
    this.#key = Buffer.from(key, 'base64');
    this.#reserveBytes = reserveBytes;
  }

  /** Of one recording or film, base64. */
  keyOf(id: string): string {
    return Buffer.from(hkdfSync('sha256', this.#key, id, 'recording', KEY_BYTES)).toString('base64');
  }

  of(id: string): EncryptedFiles {
    return new EncryptedFiles(path.join(this.#directory, id), this.keyOf(id), this.#reserveBytes);
  }

  async list(recordingId: string): Promise<FoundSegment[]> {
    const directory = path.join(this.#directory, recordingId);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const files = entries.filter((entry) => entry.isFile());
    return Promise.all(
      files.map(async ({ parentPath, name }) => ({
        segmentId: path.basename(name, PART),
        isPart: name.endsWith(PART),
        changedAt: (await stat(path.join(parentPath, name))).mtimeMs,
      })),
    );
  }

  /**
   * Whoever left it behind is gone: what it has is a segment. Its recorder, should it live after all, finds it taken.
   * @returns false when somebody else took it
   */
  async claimPart(recordingId: string, segmentId: string): Promise<boolean> {
    const file = path.join(this.#directory, recordingId, segmentId.slice(0, 2), segmentId);
    try {
      await rename(`${file}${PART}`, file);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}
