import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** `ok`, or why the binary is of no use here. */
export type ProbeResult = { ok: true } | { ok: false; reason: string };

const PROBE_TIMEOUT_MS = 10_000;

/** Exit code of a worker that misses MEDIASOUP_VERSION in its environment (the worker's `main.cpp`). */
const EXIT_CODE_WITHOUT_VERSION = 41;

/**
 * Starts the binary as mediasoup's `Worker` does and waits for its first message, "running". By then the dynamic
 * linker has found every library and the event loop, OpenSSL (with a certificate made) and SRTP are up, which
 * says more than the exit code that mediasoup's own installer looks at.
 */
export async function probeWorker(binary: string, mediasoupVersion: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = spawn(binary, [], {
      // Nothing of our environment: a probe must not inherit debugging or preloading by accident.
      env: { MEDIASOUP_VERSION: mediasoupVersion },
      // 3 and 4 are the worker's channel: requests in, answers and notifications out.
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    let complaint = '';
    let settled = false;
    const settle = (result: ProbeResult): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(result);
    };
    const timer = setTimeout(
      () => settle({ ok: false, reason: `it said nothing for ${PROBE_TIMEOUT_MS / 1000} s` }),
      PROBE_TIMEOUT_MS,
    );

    child.on('error', (error) => settle({ ok: false, reason: error.message }));
    child.on('close', (code, signal) => {
      const how = code === EXIT_CODE_WITHOUT_VERSION ? 'it did not get its environment' : `exit ${code ?? signal}`;
      settle({ ok: false, reason: complaint.trim() ? `${how}: ${complaint.trim()}` : how });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      // The dynamic linker's message fits easily; a worker gone wild must not fill our memory.
      if (complaint.length < 2000) complaint += chunk.toString();
    });
    for (const stream of child.stdio.slice(3)) {
      // Killing the worker can break its pipes, which is no news after the answer and told by `close` before it.
      stream?.on('error', (error: Error) => settle({ ok: false, reason: error.message }));
    }
    const fromWorker = child.stdio[4];
    if (isReadable(fromWorker)) fromWorker.once('data', () => settle({ ok: true }));
    else settle({ ok: false, reason: 'could not open a pipe to it' });
  });
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'readable' in stream;
}
