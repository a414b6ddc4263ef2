import http from 'node:http';
import https from 'node:https';

export interface HealthAddress {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
  /** PEM of the certificate that the server itself uses, when it speaks TLS. */
  readonly certificate?: string | undefined;
}

const TIMEOUT_MS = 2_000;

/** Whether `GET /healthz` is answered with 200. Rejects when nobody answers. */
export function isHealthy(address: HealthAddress): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = {
      host: address.host,
      port: address.port,
      path: address.path ?? '/healthz',
      timeout: TIMEOUT_MS,
      agent: false,
    };
    const onResponse = (response: http.IncomingMessage): void => {
      response.resume();
      resolve(response.statusCode === 200);
    };
    const request =
      address.certificate === undefined
        ? http.get(options, onResponse)
        : // Trusts exactly this certificate, whatever name it carries: the probe goes to loopback.
          https.get({ ...options, ca: address.certificate, checkServerIdentity: () => undefined }, onResponse);
    request.on('timeout', () => request.destroy(new Error('no answer to /healthz')));
    request.on('error', reject);
  });
}
