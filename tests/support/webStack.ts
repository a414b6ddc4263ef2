import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { haproxySpec } from '../../infra/src/start/haproxy.ts';
import { buildWebApps, webRoot } from '../../infra/src/start/webBuild.ts';
import { freePort } from '../../infra/src/system/ports.ts';
import { StackService } from './StackService.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/** A stack that also serves the web apps; with several replicas, through HAProxy as `npm start` does. */
export async function startWebStack(options: StackOptions = {}): Promise<Stack> {
  const replicas = options.replicas ?? 1;
  await buildWebApps(() => undefined);
  const stack = await startStack({
    ...options,
    env: {
      WEB_ROOT_CLINIC: webRoot('clinic-web'),
      WEB_ROOT_DOCTOR: webRoot('doctor-web'),
      // The whole run comes from one address.
      SIGN_IN_RATE_PER_MINUTE: '1000',
      ...(replicas > 1 ? { TRUSTED_PROXIES: 'loopback' } : {}),
      ...options.env,
    },
  });
  if (replicas === 1) return stack;
  const directory = await mkdtemp(path.join(inject('servers').directory, 'haproxy-'));
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await stack.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const port = await freePort();
  const proxy = new StackService(
    haproxySpec({
      host: '127.0.0.1',
      port,
      replicaPorts: stack.replicas.map(({ url }) => Number(new URL(url).port)),
      certificate: undefined,
      configFile: path.join(directory, 'haproxy.cfg'),
    }),
    `http://127.0.0.1:${port}`,
  );
  try {
    await proxy.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...stack, url: proxy.url, stop };
}
