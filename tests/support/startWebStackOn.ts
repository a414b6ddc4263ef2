import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { haproxySpec } from '../../infra/src/start/haproxy.ts';
import { buildWebApps, webRoot } from '../../infra/src/start/webBuild.ts';
import { freePort } from '../../infra/src/system/ports.ts';
import { StackService } from './StackService.ts';
import { type Stack, type StackOptions, startStackOn } from './startStackOn.ts';
import type { TestServers } from './testServers.ts';

export interface WebStackOptions extends StackOptions {
  /** Where people connect; loopback by default. Only with several replicas. */
  readonly host?: string;
}

export interface WebStack extends Stack {
  /** In front of several replicas. */
  readonly proxy: StackService | undefined;
}

/** A stack that also serves the web apps; with several replicas, through HAProxy as `npm start` does. */
export async function startWebStackOn(servers: TestServers, options: WebStackOptions = {}): Promise<WebStack> {
  const host = options.host ?? '127.0.0.1';
  const replicas = options.replicas ?? 1;
  await buildWebApps(() => undefined);
  const stack = await startStackOn(servers, {
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
  if (replicas === 1) return { ...stack, proxy: undefined };
  const directory = await mkdtemp(path.join(servers.directory, 'haproxy-'));
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await stack.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const port = await freePort();
  const proxy = new StackService(
    haproxySpec({
      host,
      port,
      replicaPorts: stack.replicas.map(({ url }) => Number(new URL(url).port)),
      certificate: undefined,
      configFile: path.join(directory, 'haproxy.cfg'),
    }),
    `http://${host}:${port}`,
  );
  try {
    await proxy.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...stack, proxy, url: proxy.url, stop };
}
