import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import path from 'node:path';
import { ROOT } from '../../infra/src/services/paths.ts';
import { freePort } from '../../infra/src/system/ports.ts';
import { findProgram } from '../../infra/src/system/packages.ts';
import { command } from './command.ts';
import { StackService } from './StackService.ts';

export interface CoturnOptions {
  /** Where it listens and relays from. */
  readonly address: string;
  /** Media nodes; nobody else is relayed to. */
  readonly peers: readonly string[];
  readonly secret: string;
  readonly directory: string;
}

const RELAY_PORTS = { first: 52_000, last: 52_999 } as const;

/** A real coturn with the configuration of `infra/coturn`. */
export class Coturn {
  readonly service: StackService;
  /** For `TURN_URLS`. */
  readonly urls: string;
  readonly #options: CoturnOptions;
  readonly port: number;

  private constructor(options: CoturnOptions, port: number) {
    const { address, peers, secret, directory } = options;
    this.#options = options;
    this.port = port;
    this.urls = ['udp', 'tcp'].map((transport) => `turn:${address}:${port}?transport=${transport}`).join(',');
    const program = findProgram('turnserver');
    if (program === undefined) throw new Error('coturn is missing: apt-get install coturn');
    this.service = new StackService(
      {
        name: 'coturn',
        command: program,
        args: [
          ...['-c', path.join(ROOT, 'infra/coturn/turnserver.conf'), `--static-auth-secret=${secret}`],
          ...[`--listening-ip=${address}`, `--relay-ip=${address}`, `--listening-port=${port}`],
          ...[`--min-port=${RELAY_PORTS.first}`, `--max-port=${RELAY_PORTS.last}`],
          ...peers.map((peer) => `--allowed-peer-ip=${peer}`),
          ...[`--pidfile=${directory}/coturn.pid`, `--userdb=${directory}/coturn.sqlite`, '--no-tls', '--no-dtls'],
        ],
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
        cwd: directory,
        dieWithParent: true,
        isReady: () => accepts(address, port),
        readyTimeoutMs: 15_000,
        stopSignal: 'SIGTERM',
        stopTimeoutMs: 5_000,
      },
      `turn:${address}:${port}`,
    );
  }

  static async start(options: CoturnOptions): Promise<Coturn> {
    const coturn = new Coturn(options, await freePort());
    await coturn.service.start();
    return coturn;
  }

  /** As signaling makes them (`iceServers.ts`). @param seconds until they end; negative: they have */
  credentials(seconds: number): { username: string; password: string } {
    const username = `${Math.floor(Date.now() / 1_000) + seconds}:${randomUUID()}`;
    return { username, password: createHmac('sha1', this.#options.secret).update(username).digest('base64') };
  }

  /**
   * Asks for a relay to a peer, with coturn's own client.
   * @returns all that it says
   */
  async relayTo(
    peer: string,
    { username, password }: { username: string; password: string },
    more: readonly string[] = [],
  ): Promise<string> {
    const args = ['-v', '-u', username, '-w', password, '-e', peer, '-r', '9', '-n', '1', '-m', '1', '-c', ...more];
    return command('timeout', ['4', 'turnutils_uclient', ...args, '-p', String(this.port), this.#options.address], {
      anyExit: true,
    });
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
