import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from './log.ts';
import { type Environment, type Host, binaryName, prebuiltUrl } from './naming.ts';
import { probeWorker } from './probe.ts';
import { run } from './run.ts';

/** Time to the answer's headers, redirect to the object store included. Short: the other way takes only minutes. */
const CONNECT_TIMEOUT_MS = 6_000;
/** Longest silence within the download. */
const STALL_TIMEOUT_MS = 15_000;
/** A download slower than this loses against the local build. */
const TOTAL_TIMEOUT_MS = 180_000;
/** The archives have some 10 MB; this only keeps a captive portal or a wrong mirror from filling the disk. */
const MAX_BYTES = 200 * 1024 * 1024;
const PROGRESS_INTERVAL_MS = 2_000;

export type PrebuiltResult = { ok: true; binary: string } | { ok: false; reason: string };

/**
 * Downloads mediasoup's official binary for this host into `directory` and checks that it starts.
 * Having no binary is an ordinary outcome (no network, no archive for this platform, another libc), hence a
 * result and not an exception.
 */
export async function downloadPrebuilt(options: {
  mediasoupVersion: string;
  host: Host;
  env: Environment;
  directory: string;
  log: Log;
}): Promise<PrebuiltResult> {
  const { mediasoupVersion, host, env, directory, log } = options;
  const url = prebuiltUrl(mediasoupVersion, host, env);
  const archive = path.join(directory, 'prebuilt.tgz');
  log(`Looking for mediasoup's prebuilt worker: ${url}`);
  try {
    await download(url, archive, log);
  } catch (error) {
    return { ok: false, reason: describeNetworkError(error) };
  }

  const name = binaryName(host.platform);
  // Only the one member we want: an archive can't place anything else.
  const extraction = await run('tar', ['-xzf', archive, '-C', directory, name]);
  if (extraction.code !== 0) return { ok: false, reason: `the archive can't be unpacked: ${extraction.output}` };

  const binary = path.join(directory, name);
  await chmod(binary, 0o755);
  const probe = await probeWorker(binary, mediasoupVersion);
  return probe.ok ? { ok: true, binary } : { ok: false, reason: `it does not run on this system (${probe.reason})` };
}

async function download(url: string, file: string, log: Log): Promise<void> {
  const abort = new AbortController();
  const abortWith = (reason: string) => () => abort.abort(new Error(reason));
  const total = setTimeout(abortWith(`not finished after ${TOTAL_TIMEOUT_MS / 1000} s`), TOTAL_TIMEOUT_MS);
  let watchdog = setTimeout(abortWith(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`), CONNECT_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (response.status === 404) throw new Error('there is none for this platform');
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status} ${response.statusText}`);

    const expected = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    let lastProgress = Date.now();
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, callback) {
        clearTimeout(watchdog);
        watchdog = setTimeout(abortWith(`stalled for ${STALL_TIMEOUT_MS / 1000} s`), STALL_TIMEOUT_MS);
        received += chunk.length;
        if (Date.now() - lastProgress >= PROGRESS_INTERVAL_MS) {
          lastProgress = Date.now();
          log(`  downloading: ${mebibytes(received)}${expected > 0 ? ` of ${mebibytes(expected)}` : ''}`);
        }
        callback(received > MAX_BYTES ? new Error(`more than ${mebibytes(MAX_BYTES)}, not a worker`) : null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file), { signal: abort.signal });
  } catch (error) {
    // What aborted the transfer says more than the "aborted" that comes out of it.
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(watchdog);
    clearTimeout(total);
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** fetch says "fetch failed" and keeps the reason (DNS, refused, certificate) in `cause`. */
function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
