import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../infra/src/system/ports.ts';
import { pinned } from './cores.ts';

export const ADMIN_SECRET = 'bench';
const START_WITHIN_MS = 10_000;

/** Where Debian puts plugins and transports: beside the libraries of the architecture. */
const MODULES = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/janus`;

/** @param eventLoops 0: Janus' default, a thread for each connection */
const config = (directory: string, address: string, eventLoops: number): string => `
general: {
  configs_folder = "${directory}"
  plugins_folder = "${MODULES}/plugins"
  transports_folder = "${MODULES}/transports"
  debug_level = 2
  admin_secret = "${ADMIN_SECRET}"
  session_timeout = 0
  server_name = "bench"
${eventLoops > 0 ? `  event_loops = ${eventLoops}` : ''}
}
nat: {
  ice_lite = true
  ice_enforce_list = "${address}"
  full_trickle = false
}
media: { ipv6 = false }
plugins: { disable = "${['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'streaming', 'textroom', 'videocall', 'voicemail'].map((name) => `libjanus_${name}.so`).join(',')}" }
transports: { disable = "${['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'].map((name) => `libjanus_${name}.so`).join(',')}" }
events: { broadcast = false }
`;

const webSocketConfig = (port: number, adminPort: number): string => `
general: { json = "compact", ws = true, ws_port = ${port}, ws_ip = "127.0.0.1", wss = false }
admin: { admin_ws = true, admin_ws_port = ${adminPort}, admin_ws_ip = "127.0.0.1", admin_wss = false }
`;

/** Debian's Janus with a configuration of its own: the VideoRoom, WebSockets, ICE-lite on one address, one core. */
export class JanusProcess {
  readonly pid: number;
  readonly port: number;
  readonly adminPort: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, directory: string, port: number, adminPort: number) {
    this.#child = child;
    this.#directory = directory;
    this.pid = child.pid ?? 0;
    this.port = port;
    this.adminPort = adminPort;
  }

  static async start(options: {
    readonly program: string;
    /** For media; libnice takes no loopback address. */
    readonly address: string;
    readonly eventLoops: number;
    readonly core: number;
  }): Promise<JanusProcess> {
    const { program, address, eventLoops, core } = options;
    const directory = await mkdtemp(path.join(tmpdir(), 'bench-janus-'));
    const [port, adminPort] = [await freePort(), await freePort()];
    await writeFile(path.join(directory, 'janus.jcfg'), config(directory, address, eventLoops));
    await writeFile(path.join(directory, 'janus.transport.websockets.jcfg'), webSocketConfig(port, adminPort));
    // Both become the program they start: the pid is Janus' own. It ends with the bench, however that ends.
    const command = ['--pdeathsig=KILL', '--', ...(await pinned(core)), program, '-F', directory];
    const child = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'ignore'] });
    const janus = new JanusProcess(child, directory, port, adminPort);
    for (const giveUp = performance.now() + START_WITHIN_MS; performance.now() < giveUp; await sleep(50)) {
      if (await answers(adminPort)) return janus;
      if (child.exitCode !== null) break;
    }
    await janus.stop();
    throw new Error('Janus did not start');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      // Nothing of it is kept, and an orderly end closes a hundred connections first.
      this.#child.kill('SIGKILL');
      await ended;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Whether a WebSocket server is there: it refuses a plain request, with an answer. */
async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    // Nothing listens yet.
    return false;
  }
}
