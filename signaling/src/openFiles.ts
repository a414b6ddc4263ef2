import path from 'node:path';
import type { Config } from './config.ts';
import { EncryptedFiles } from './store/EncryptedFiles.ts';
import { RecordingFiles } from './store/RecordingFiles.ts';

/** All replicas of a deployment open the same directory: whichever is asked serves every file. */
export const openFiles = ({ DATA_DIR, UPLOAD_RESERVE_BYTES, secrets }: Config): EncryptedFiles =>
  new EncryptedFiles(path.join(DATA_DIR, 'uploads'), secrets.fileKey, UPLOAD_RESERVE_BYTES);

/** The media nodes write into the same directory (`SFU_RECORDING_DIR`). */
export const openRecordings = ({ DATA_DIR, UPLOAD_RESERVE_BYTES, secrets }: Config): RecordingFiles =>
  new RecordingFiles(path.join(DATA_DIR, 'recordings'), secrets.fileKey, UPLOAD_RESERVE_BYTES);
