import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLIP_S = 2;
const MARK = 'lt(mod(t,1),0.12)';

/** Two seconds of VP8 that flash at each full second. @returns the file */
export async function flashing(directory: string, size: string): Promise<string> {
  const file = path.join(directory, `${size}.mkv`);
  const picture = `color=black:s=${size}:r=25:d=${CLIP_S},drawbox=color=white:t=fill:enable='${MARK}'`;
  await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', picture],
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-b:v', '300k', file],
  ]);
  return file;
}

/** One stream of all of them as one camera sends it, with a beep at each full second. */
export async function joinClips(clips: readonly string[], file: string): Promise<void> {
  const list = `${file}.txt`;
  await writeFile(list, clips.map((clip) => `file '${clip}'\n`).join(''));
  const beeps = `aevalsrc='0.8*sin(2*PI*1000*t)*${MARK}':s=48000:d=${CLIP_S * clips.length}`;
  await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list, '-f', 'lavfi', '-i', beeps],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'libopus', '-cluster_time_limit', '1000', file],
  ]);
}
