import { pino } from 'pino';
import { readConfig } from './config.ts';
import { createApplication } from './createApplication.ts';

/** Fields that must never reach a log, wherever they appear. */
const REDACTED = [
  '*.password',
  '*.code',
  '*.totp',
  '*.token',
  '*.identityNumber',
  '*.complaint',
  '*.text',
  '*.cookie',
  'req.headers',
  'res.headers',
];

/** How long a replica keeps serving after SIGTERM, so that its browsers have moved to another. Milliseconds. */
const DRAIN_MS = 1_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.LOG_LEVEL, base: { replicaId: config.REPLICA_ID }, redact: REDACTED });
  const application = await createApplication(config, log);
  const { port } = await application.listen();
  log.info({ port }, 'signaling is up');
  // The supervisor waits for this line.
  process.send?.({ type: 'ready', port });

  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'draining');
    application
      .drain(DRAIN_MS)
      .then(() => application.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'did not close cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // A forgotten rejection is a defect to be seen in the log and the metrics, never the end of a running consultation.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
}

main().catch((error: unknown) => {
  process.stderr.write(`signaling can't start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
