import { inject } from 'vitest';
import { type Stack, type StackOptions, startStackOn } from './startStackOn.ts';

export { createTestDatabase, createTestRedis, type TestDatabase, type TestRedis } from './testDatabase.ts';
export type { Stack, StackOptions } from './startStackOn.ts';

/** A stack on the servers of this test run. Whoever starts it stops it. */
export const startStack = (options: StackOptions = {}): Promise<Stack> => startStackOn(inject('servers'), options);
