import { expect, test } from 'vitest';
import { ROOT } from '../services/paths.ts';
import { readStartOptions } from './options.ts';

test('without anything set, one replica and one media node serve on 8080', () => {
  expect(readStartOptions([], {})).toMatchObject({
    port: 8080,
    host: '0.0.0.0',
    dataDirectory: `${ROOT}/.data`,
    https: false,
    replicas: 1,
    sfuNodes: 1,
    empty: false,
    web: true,
    databaseUrl: undefined,
    redisUrl: undefined,
  });
});

test('arguments and environment are both heard', () => {
  const options = readStartOptions(['--https', '--replicas', '3', '--sfu=2', '--empty', '--no-web'], {
    PORT: '9000',
    DATA_DIR: '/srv/hospital',
    DATABASE_URL: 'postgresql://app@db/hospital',
    REDIS_URL: '',
  });
  expect(options).toMatchObject({ port: 9000, dataDirectory: '/srv/hospital', https: true, replicas: 3, sfuNodes: 2 });
  expect(options).toMatchObject({ empty: true, web: false, redisUrl: undefined });
  expect(options).toMatchObject({ databaseOwnerUrl: 'postgresql://app@db/hospital' });
});

test('nonsense is refused in one sentence', () => {
  expect(() => readStartOptions([], { PORT: 'http' })).toThrow(
    'PORT must be a whole number from 1 to 65535, not "http".',
  );
  expect(() => readStartOptions(['--replicas', '0'], {})).toThrow('--replicas must be a whole number from 1 to 32');
  expect(() => readStartOptions(['--replica', '2'], {})).toThrow(/Unknown option '--replica'/);
});
