import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SEND_LOOP = fileURLToPath(new URL('./sendLoop.pl', import.meta.url));
const PAYLOAD_BYTES = 1_100;
/** RTP header, one extension word with its header, authentication tag. */
const FRAMING_BYTES = 12 + 8 + 16;
const SECONDS = 1;

export interface Floor {
  /** Microseconds of CPU a packet. */
  readonly encryption: number;
  readonly sending: number;
}

/**
 * What nobody who forwards can be without: AES-128-GCM of the payload by OpenSSL's own speed test (nonce, additional
 * data and tag for each packet), and sendto from Perl, whose loop makes this part an upper bound by some 0.1 µs.
 * @returns undefined where OpenSSL's program is missing
 */
export async function measureFloor(address: string, sockets: number, core: number): Promise<Floor | undefined> {
  const run = async (program: string, args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('taskset', ['-c', String(core), program, ...args])).stdout;
  try {
    const speed = await run('openssl', [
      ...['speed', '-mr', '-seconds', String(SECONDS), '-bytes', String(PAYLOAD_BYTES)],
      ...['-evp', 'aes-128-gcm', '-aead'],
    ]);
    const bytesPerSecond = Number(/^\+F:.*:([\d.]+)$/m.exec(speed)?.[1]);
    const sizes = [address, sockets, PAYLOAD_BYTES + FRAMING_BYTES, SECONDS];
    const sending = Number(await run('perl', [SEND_LOOP, ...sizes.map(String)]));
    return { encryption: (PAYLOAD_BYTES / bytesPerSecond) * 1e6, sending };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 127) return undefined;
    throw error;
  }
}
