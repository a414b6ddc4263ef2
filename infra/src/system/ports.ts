import { createServer } from 'node:net';
import { errorCode } from './StartError.ts';

/**
 * A TCP port that was free a moment ago. Another process may take it before it is used; callers that can listen on
 * port 0 themselves should.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('a TCP server has no port'));
        else resolve(address.port);
      });
    });
  });
}

/** Why no server could listen there now, as the system's code (`EADDRINUSE`, `EACCES`, …); undefined when one could. */
export async function portProblem(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', (error) => resolve(errorCode(error) ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
