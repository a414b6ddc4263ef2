import type { TestProject } from 'vitest/node';
import { startTestServers, type TestServers } from './testServers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly servers: TestServers;
  }
}

/**
 * Several vitest projects name this file, each in a module graph of its own; the run needs its servers once. They are
 * kept where all of them can see them: on the process's global object.
 */
declare global {
  var cloudHospitalTestServers: { users: number; started: ReturnType<typeof startTestServers> } | undefined;
}

/** Starts one PostgreSQL, one Redis and the worker for the whole run, and tells the tests where they are. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const entry = (globalThis.cloudHospitalTestServers ??= { users: 0, started: startTestServers() });
  entry.users += 1;
  const { servers, stop } = await entry.started;
  project.provide('servers', servers);
  return async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    globalThis.cloudHospitalTestServers = undefined;
    await stop();
  };
}
