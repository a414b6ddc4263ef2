import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import type { FaultCall } from '../FaultCall.ts';
import { workersOf } from '../rows/media.ts';

/** One look between two consultations: everything that must not grow, by name. */
export type Sample = Readonly<Record<string, number>>;

const KB = 1_024;
const MB = 1_024 * KB;

const Heap = z.object({ usedSize: z.number() });
const Counters = z.object({ jsEventListeners: z.number() });
const Detached = z.object({ detachedNodes: z.array(z.unknown()) });

/** Resident memory, megabytes. */
const memoryOf = (pid: number): number =>
  (Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * KB) / MB;

/** Open files, sockets included. */
const handlesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

interface Watched {
  readonly name: string;
  readonly page: Page;
  readonly session: CDPSession;
}

/** Looks at all processes and pages of a call that has just ended. */
export class Sampler {
  readonly #call: FaultCall;
  readonly #pages: readonly Watched[];

  private constructor(call: FaultCall, pages: readonly Watched[]) {
    this.#call = call;
    this.#pages = pages;
  }

  static async create(call: FaultCall): Promise<Sampler> {
    const pages = await Promise.all(
      (['terminal', 'console'] as const).map(async (name) => {
        const page = call.page(name);
        return { name, page, session: await page.context().newCDPSession(page) };
      }),
    );
    return new Sampler(call, pages);
  }

  async take(): Promise<Sample> {
    const { stack } = this.#call.system;
    const processes = [
      ...stack.replicas.map(({ pid, spec }) => ({ name: spec.name, pid })),
      ...stack.sfuNodes.flatMap(({ pid, spec }) => [
        { name: spec.name, pid },
        ...workersOf(pid).map((worker) => ({ name: `${spec.name} worker`, pid: worker })),
      ]),
    ];
    const sample: Record<string, number> = {};
    for (const { name, pid } of processes) {
      sample[`${name} MB`] = memoryOf(pid);
      sample[`${name} handles`] = handlesOf(pid);
    }
    for (const [index, counts] of (await this.#call.system.countsAtNodes()).entries()) {
      for (const [what, count] of Object.entries(counts)) sample[`sfu-${index + 1} ${what}`] = count;
    }
    for (const { name, page, session } of this.#pages) {
      await session.send('HeapProfiler.collectGarbage');
      const heap = Heap.parse(await session.send('Runtime.getHeapUsage'));
      const { jsEventListeners } = Counters.parse(await session.send('Memory.getDOMCounters'));
      sample[`${name} heap MB`] = heap.usedSize / MB;
      sample[`${name} listeners`] = jsEventListeners;
      // Not the count of all nodes less those of the page: Playwright makes one for each attribute of what it clicks.
      const { detachedNodes } = Detached.parse(await session.send('DOM.getDetachedDomNodes'));
      sample[`${name} detached trees`] = detachedNodes.length;
      sample[`${name} connections`] = await page.evaluate<number>('continuity.openConnections()');
    }
    return sample;
  }
}
