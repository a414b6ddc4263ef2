import { setLogEventListeners } from 'mediasoup';
import { collectDefaultMetrics } from 'prom-client';
import { readConfig } from './config.ts';
import { createSfuNode } from './createSfuNode.ts';
import { inBackground } from './inBackground.ts';
import { createLogger } from './logger.ts';

const config = readConfig(process.env);
// Workers inherit the environment; what native code doesn't need it shouldn't see.
delete process.env['SFU_LINK_SECRET'];
delete process.env['SFU_REDIS_URL'];

const logger = createLogger(config.logLevel, { service: 'sfu', nodeId: config.nodeId });
setLogEventListeners({
  onwarn: (namespace, log) => {
    logger.warn({ namespace }, log);
  },
  onerror: (namespace, log, error) => {
    logger.error({ namespace, err: error }, log);
  },
});

// A promise nobody awaited is a bug, but no reason to hang up on everybody who is in a consultation.
process.on('unhandledRejection', (error) => {
  logger.error({ err: error }, 'unhandled rejection');
});
process.on('uncaughtException', (error) => {
  logger.fatal({ err: error }, 'uncaught exception');
  process.exit(1);
});

const node = await createSfuNode(config, logger);
collectDefaultMetrics({ register: node.metrics.registry });

let ordered = false;
const onSignal = (signal: NodeJS.Signals): void => {
  // The first order drains, the second one means it.
  logger.info({ signal }, ordered ? 'ending at once' : 'asked to end');
  inBackground(ordered ? node.close() : node.drain(), logger);
  ordered = true;
};
process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);
