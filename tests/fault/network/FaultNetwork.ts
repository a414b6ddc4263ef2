import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../../infra/src/system/packages.ts';
import { command, ip } from '../../support/command.ts';
import { Line } from './Line.ts';

const NAMESPACE = /^chf(\d+)n\d+$/;

/** Why networks can't be made here, or null. They need root, iproute2 and nftables. */
export function networkObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const missing = ['ip', 'tc', 'nft'].filter((program) => findProgram(program) === undefined);
  return missing.length === 0 ? null : `missing: ${missing.join(', ')} (iproute2, nftables)`;
}

/** The servers on one address of this machine, and a network of its own for each browser, in which faults are made. */
export class FaultNetwork {
  /** Where everything listens that browsers must reach. */
  readonly address: string;
  readonly lines: readonly Line[];
  readonly #directory: string;

  private constructor(address: string, lines: readonly Line[], directory: string) {
    this.address = address;
    this.lines = lines;
    this.#directory = directory;
  }

  static async create(lineCount: number): Promise<FaultNetwork> {
    await removeLeftovers();
    const prefix = await freePrefix();
    const address = `${prefix}.254`;
    await ip([`addr add ${address}/32 dev lo`]);
    const lines: Line[] = [];
    const directory = await mkdtemp(path.join(tmpdir(), 'fault-network-'));
    const network = new FaultNetwork(address, lines, directory);
    try {
      for (let index = 0; index < lineCount; index += 1) {
        lines.push(await Line.create(`chf${process.pid}n${index}`, prefix, index));
      }
      return network;
    } catch (error) {
      await network.remove();
      throw error;
    }
  }

  line(index: number): Line {
    const line = this.lines[index];
    if (line === undefined) throw new Error(`no line ${index}`);
    return line;
  }

  /** A program that runs Chromium on a line. */
  browser(index: number): Promise<string> {
    return this.line(index).browser(this.#directory);
  }

  async remove(): Promise<void> {
    for (const line of this.lines) await line.remove();
    await ip([`addr del ${this.address}/32 dev lo`]);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** A /24 that this machine doesn't use. */
async function freePrefix(): Promise<string> {
  const used = await command('ip', ['-o', '-4', 'addr']);
  for (let third = process.pid % 250; ; third = (third + 1) % 250) {
    if (!used.includes(` 10.213.${third}.`)) return `10.213.${third}`;
  }
}

/** Of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  const names = (await command('ip', ['netns', 'list'])).split('\n').map((line) => line.split(' ')[0] ?? '');
  const dead = names.filter((name) => {
    const owner = NAMESPACE.exec(name)?.[1];
    return owner !== undefined && !existsSync(`/proc/${owner}`);
  });
  if (dead.length > 0) await ip(dead.map((name) => `netns del ${name}`));
}
