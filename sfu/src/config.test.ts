import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const minimal = { SFU_NODE_ID: 'sfu-a', SFU_LINK_SECRET: 'x'.repeat(32) };

test('a node id and a link secret are all that must be given', () => {
  const config = readConfig(minimal);
  expect(config.control).toEqual({ host: '127.0.0.1', port: 4443, announcedHost: '127.0.0.1' });
  expect(config.workers).toBeGreaterThanOrEqual(1);
  expect(config.redisUrl).toBeUndefined();
});

test('there is no default link secret, and a short one is refused', () => {
  expect(() => readConfig({ SFU_NODE_ID: 'sfu-a' })).toThrow(/SFU_LINK_SECRET/);
  expect(() => readConfig({ ...minimal, SFU_LINK_SECRET: 'short' })).toThrow(/SFU_LINK_SECRET/);
});

test('a wildcard address needs an announced one, for media and for the control link', () => {
  expect(() => readConfig({ ...minimal, SFU_RTC_LISTEN_IP: '0.0.0.0' })).toThrow(/SFU_RTC_ANNOUNCED_ADDRESS/);
  expect(() => readConfig({ ...minimal, SFU_CONTROL_HOST: '0.0.0.0' })).toThrow(/SFU_CONTROL_ANNOUNCED_HOST/);
  const config = readConfig({
    ...minimal,
    SFU_RTC_LISTEN_IP: '0.0.0.0',
    SFU_RTC_ANNOUNCED_ADDRESS: '203.0.113.7',
    SFU_CONTROL_HOST: '0.0.0.0',
    SFU_CONTROL_ANNOUNCED_HOST: 'sfu-a.internal',
  });
  expect(config.control.announcedHost).toBe('sfu-a.internal');
});

test('an empty variable means the same as an absent one', () => {
  expect(readConfig({ ...minimal, SFU_REDIS_URL: '' }).redisUrl).toBeUndefined();
});
