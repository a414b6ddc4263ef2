import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FakeMedia } from '../support/chromium.ts';

const run = promisify(execFile);

/** Where the three voices begin in the sentence, seconds. */
const STARTS = [0, 1.3, 2.9] as const;
const SECONDS = 12;

/**
 * The same person speaking without a pause: three of them at once. Opus sends nothing in pauses (DTX), which would look
 * like a gap.
 */
export async function continuousVoice(media: FakeMedia): Promise<FakeMedia> {
  const audio = media.audio.replace(/\.wav$/, '-continuous.wav');
  if (!existsSync(audio)) {
    const inputs = STARTS.flatMap((start) => ['-stream_loop', '-1', '-ss', String(start), '-i', media.audio]);
    const part = audio.replace(/\.wav$/, `-${process.pid}.wav`);
    await run('ffmpeg', [
      ...['-v', 'error', '-y', ...inputs, '-filter_complex', `amix=inputs=${STARTS.length}:normalize=0,volume=0.6`],
      ...['-t', String(SECONDS), '-ar', '48000', '-ac', '1', part],
    ]);
    await rename(part, audio);
  }
  return { ...media, audio };
}
