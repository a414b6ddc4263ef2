import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('secrets are redacted however deep they lie', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { nodeId: 'sfu-a' }, { write: (line) => void lines.push(line) });
  logger.info({
    frame: { proof: 'p-secret', nonce: 'n-secret' },
    answer: { sendTransport: { iceParameters: { password: 'ice-secret' } } },
    config: { linkSecret: 'l-secret', redisUrl: 'redis://:r-secret@host' },
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('sfu-a');
  expect(lines[0]).not.toMatch(/secret@|[pnl]-secret|ice-secret/);
});
