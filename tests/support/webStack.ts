import { inject } from 'vitest';
import { type WebStack, type WebStackOptions, startWebStackOn } from './startWebStackOn.ts';

/** A stack with the web apps on the servers of this test run. Whoever starts it stops it. */
export const startWebStack = (options: WebStackOptions = {}): Promise<WebStack> =>
  startWebStackOn(inject('servers'), options);
