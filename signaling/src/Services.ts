import type { Logger } from 'pino';
import type { Sessions } from './auth/Sessions.ts';
import type { IdentityCipher } from './auth/IdentityCipher.ts';
import type { Channels } from './channels/Channel.ts';
import type { Config } from './config.ts';
import type { Signer } from './domain/Signer.ts';
import type { Metrics } from './metrics.ts';
import type { CommandRunner } from './store/command.ts';
import type { Db } from './store/database.ts';
import type { EncryptedFiles } from './store/EncryptedFiles.ts';
import type { RecordingFiles } from './store/RecordingFiles.ts';
import type { SharedPlaces } from './store/sharedPlaces.ts';

/** What operations and handlers are handed. Built once in createApplication; nothing is reached for globally. */
export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Db;
  readonly commands: CommandRunner;
  /** For whoever only looks at queues. */
  readonly places: SharedPlaces;
  readonly sessions: Sessions;
  readonly identityCipher: IdentityCipher;
  readonly reportSigner: Signer;
  /** Files of the record, encrypted, in DATA_DIR/uploads. */
  readonly files: EncryptedFiles;
  /** Recorded consultations, encrypted, in DATA_DIR/recordings. */
  readonly recordings: RecordingFiles;
  readonly metrics: Metrics;
  /** What carries messages to phones. */
  readonly channels: Channels;
}
