import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { ZodError, z } from 'zod';
import { readConfig, type SfuConfig } from './config.ts';
import { createSfuNode, type SfuNode } from './createSfuNode.ts';
import { inBackground } from './inBackground.ts';
import { createLogger } from './logger.ts';

/** Runs a media node until it is asked to end: the first SIGTERM or SIGINT drains, the second ends at once. */
async function main(): Promise<void> {
  const config = readConfigOrExplain();
  if (config === undefined) return;
  // Workers inherit the environment; what native code doesn't need it shouldn't see.
  delete process.env.SFU_LINK_SECRET;
  delete process.env.SFU_REDIS_URL;
  const logger = createLogger(config.logLevel, { service: 'sfu', nodeId: config.nodeId });
  logMistakes(logger);
  try {
    const node = await createSfuNode(config, logger);
    collectDefaultMetrics({ register: node.metrics.registry });
    endOnSignals(node, logger);
    const { controlUrl, incarnation } = node;
    logger.info({ controlUrl, incarnation, workers: node.workerPids().length }, 'media node up');
    await node.ended;
  } catch (error) {
    process.exitCode = 1;
    const reason = error instanceof Error ? error.message : String(error);
    logger.fatal({ err: error }, `The media node can't start: ${reason}`);
  }
}

/** @returns undefined when a variable is missing or wrong; then it has said which */
function readConfigOrExplain(): SfuConfig | undefined {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    process.exitCode = 1;
    process.stderr.write(`The media node's settings are wrong: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}\n`);
    return undefined;
  }
}

function logMistakes(logger: Logger): void {
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
  // After an exception out of nowhere nothing is certain: the default ends the process, this only keeps the reason.
  process.on('uncaughtExceptionMonitor', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
  });
}

function endOnSignals(node: SfuNode, logger: Logger): void {
  let ordered = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, ordered ? 'ending at once' : 'asked to end');
    inBackground(ordered ? node.close() : node.drain(), logger);
    ordered = true;
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

await main();
