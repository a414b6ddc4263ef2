import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { command, ip } from '../../support/command.ts';

/** One way out of a person's network, e.g. its Wi-Fi: a pair of virtual cables. */
export interface Way {
  /** Inside the namespace. */
  readonly inner: string;
  /** On the machine's side. */
  readonly outer: string;
  readonly gateway: string;
}

/** Both directions as the person sees them. */
export interface Impairment {
  /** Lost at random, 0–1. */
  readonly lossUp?: number;
  readonly lossDown?: number;
  /** kbit/s. */
  readonly rateUp?: number;
  readonly rateDown?: number;
}

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** What a bottleneck holds back before it drops, milliseconds: a home router's buffer. */
const QUEUE_MS = 200;
/** Two full packets: less than that and nothing of full size would ever pass. Bytes. */
const BURST_BYTES = 3_100;

/** A person's network: a namespace of its own, in which their browser runs, with two ways to the servers. */
export class Line {
  readonly #namespace: string;
  readonly #ways: readonly [Way, Way];
  #current = 0;

  private constructor(namespace: string, ways: readonly [Way, Way]) {
    this.#namespace = namespace;
    this.#ways = ways;
  }

  /** @param index of this line in the /24 `prefix`, e.g. `10.213.7` */
  static async create(namespace: string, prefix: string, index: number): Promise<Line> {
    const way = (name: string, offset: number): Way => ({
      inner: name,
      outer: `${namespace}${name[0]}`,
      gateway: `${prefix}.${offset + 1}`,
    });
    const [first, second] = [index * 32, index * 32 + 16];
    const ways = [way('wifi', first), way('mobile', second)] as const;
    await ip([`netns add ${namespace}`]);
    for (const [number, { inner, outer, gateway }] of ways.entries()) {
      const address = `${prefix}.${(number === 0 ? first : second) + 2}`;
      await ip([
        `link add ${outer} type veth peer name ${inner} netns ${namespace}`,
        `addr add ${gateway}/28 dev ${outer}`,
        `link set ${outer} up`,
      ]);
      await ip([`addr add ${address}/28 dev ${inner}`], namespace);
    }
    await ip(['link set lo up', `link set wifi up`, `route add default via ${ways[0].gateway}`], namespace);
    const line = new Line(namespace, ways);
    await line.#rules([]);
    return line;
  }

  /** A program that runs Chromium on this line. @param directory where it is written */
  async browser(directory: string): Promise<string> {
    const file = path.join(directory, `chromium-${this.#namespace}`);
    await writeFile(file, `#!/bin/sh\nexec ip netns exec ${this.#namespace} ${CHROMIUM} "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  /** Everything is lost, and nobody says so: the interface stays up. */
  blackout(): Promise<void> {
    return this.#rules(['drop']);
  }

  /** No UDP passes, as in a hospital's office network, nor TCP to this port: that of a relay. */
  blockUdp(tcpPort: number): Promise<void> {
    return this.#rules(['meta l4proto udp drop', `tcp dport ${tcpPort} drop`]);
  }

  /** From one way to the other, under another address: Wi-Fi → mobile and back. */
  async changeAddress(): Promise<void> {
    const from = this.#way;
    this.#current = 1 - this.#current;
    const to = this.#way;
    await ip(
      [`link set ${to.inner} up`, `link set ${from.inner} down`, `route replace default via ${to.gateway}`],
      this.#namespace,
    );
  }

  async impair({ lossUp = 0, lossDown = 0, rateUp, rateDown }: Impairment): Promise<void> {
    await this.#rules([...lost(lossUp)], [...lost(lossDown)]);
    await this.#limit(['-n', this.#namespace], this.#way.inner, rateUp);
    await this.#limit([], this.#way.outer, rateDown);
  }

  /** Lets everything through again. */
  restore(): Promise<void> {
    return this.#rules([]);
  }

  async remove(): Promise<void> {
    // With the namespace its ends of the cables go, and with them the others.
    await ip([`netns del ${this.#namespace}`]);
  }

  get #way(): Way {
    return this.#ways[this.#current] ?? this.#ways[0];
  }

  /** What happens to what leaves and to what comes in; the browser's own loopback is spared. */
  async #rules(out: readonly string[], into: readonly string[] = out): Promise<void> {
    const chain = (hook: 'input' | 'output', rules: readonly string[]): string =>
      `  chain ${hook} {\n    type filter hook ${hook} priority 0; policy accept;\n` +
      `    ${hook === 'input' ? 'iif' : 'oif'} lo accept\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;
    const table = `table inet fault\ndelete table inet fault\ntable inet fault {\n${chain('input', into)}${chain('output', out)}}\n`;
    await command('ip', ['netns', 'exec', this.#namespace, 'nft', '-f', '-'], { input: table });
  }

  async #limit(where: readonly string[], device: string, kbit: number | undefined): Promise<void> {
    if (kbit === undefined) {
      // Fails where there was no limit.
      await command('tc', [...where, 'qdisc', 'del', 'dev', device, 'root']).catch(() => undefined);
      return;
    }
    const shape = ['rate', `${kbit}kbit`, 'burst', String(BURST_BYTES), 'latency', `${QUEUE_MS}ms`];
    await command('tc', [...where, 'qdisc', 'replace', 'dev', device, 'root', 'tbf', ...shape]);
  }
}

const lost = (share: number): string[] =>
  share === 0 ? [] : [`numgen random mod 1000 < ${Math.round(share * 1_000)} drop`];
