import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * The log of the node: JSON lines with ids, never a secret. ICE passwords, proofs and nonces are redacted should a
 * whole message ever be logged.
 *
 * @param destination where lines go; standard output by default
 */
export function createLogger(
  level: string,
  bindings: Readonly<Record<string, string>>,
  destination?: DestinationStream,
): Logger {
  const secrets = ['proof', 'nonce', 'linkSecret', 'redisUrl', 'iceParameters', 'dtlsParameters', 'rtpParameters'];
  const options = {
    level,
    base: bindings,
    redact: {
      paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
