import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FakeMedia, launchChromium } from './chromium.ts';

const run = promisify(execFile);

export interface FakePerson {
  /** Also of the drawing in `people/`. */
  readonly name: 'specialist' | 'resident';
  readonly says: string;
}

export const SPECIALIST: FakePerson = {
  name: 'specialist',
  says: '您好，我是专家门诊的医生，请您说说哪里不舒服。',
};
export const RESIDENT: FakePerson = {
  name: 'resident',
  says: '医生您好，我最近上楼的时候胸口发闷，已经两个星期了。',
};

/** Half of 720p each way: two browsers that encode three layers each leave a small machine time for the rest. */
const SIZE = { width: 960, height: 540 };
const FRAMES_PER_SECOND = 15;
/** One loop; every movement's period divides it, so that it has no seam. */
const SECONDS = 6;
/** Of the drawing, from the back to the front. */
const LAYERS = ['backdrop', 'body', 'head', 'blink', 'mouth'] as const;

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Makes the person's fake picture and voice with Chromium, ffmpeg and espeak-ng, once per directory.
 * @throws when one of the programs is missing or fails
 */
export async function makeFakeMedia(person: FakePerson, directory: string): Promise<FakeMedia> {
  await mkdir(directory, { recursive: true });
  const video = join(directory, `${person.name}.mjpeg`);
  const audio = join(directory, `${person.name}.wav`);
  const [hasVideo, hasAudio] = await Promise.all([exists(video), exists(audio)]);
  if (hasVideo && hasAudio) return { video, audio };
  const work = await mkdtemp(join(directory, '.making-'));
  try {
    if (!hasVideo) await rename(await filmed(person, work), video);
    if (!hasAudio) await rename(await spoken(person, work), audio);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { video, audio };
}

/** The layers sway against each other, the eyes close now and then, the mouth opens while there is something to say. */
async function filmed(person: FakePerson, work: string): Promise<string> {
  const layers = await drawnLayers(person, work);
  const inputs = layers.flatMap((file) => ['-loop', '1', '-framerate', String(FRAMES_PER_SECOND), '-i', file]);
  const sway = `x='7*sin(2*PI*t/6)':y='5*sin(2*PI*t/3)'`;
  const clock =
    "drawtext=text='%{pts\\:hms}':fontcolor=white:fontsize=26:x=w-tw-24:y=24:box=1:boxcolor=black@0.5:boxborderw=8";
  const graph = [
    `[0][1]overlay=y='2*sin(2*PI*t/3)'[a]`,
    `[a][2]overlay=${sway}[b]`,
    `[b][3]overlay=${sway}:enable='lt(mod(t,3),0.16)'[c]`,
    `[c][4]overlay=${sway}:enable='lt(mod(t,0.4),0.2)*lt(mod(t,6),4.5)'[d]`,
    `[d]${clock},format=yuvj420p`,
  ].join(';');
  const file = join(work, 'picture.mjpeg');
  await run('ffmpeg', [
    ...['-v', 'error', '-y', ...inputs, '-filter_complex', graph],
    ...['-t', String(SECONDS), '-r', String(FRAMES_PER_SECOND), '-q:v', '4', '-f', 'mjpeg', file],
  ]);
  return file;
}

/** @returns a picture with a transparent ground for each layer of the drawing */
async function drawnLayers({ name }: FakePerson, work: string): Promise<string[]> {
  const drawing = await readFile(new URL(`./people/${name}.svg`, import.meta.url), 'utf8');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    const files: string[] = [];
    for (const layer of LAYERS) {
      const others = LAYERS.filter((one) => one !== layer).map((one) => `#${one}`);
      const style = `body{margin:0}svg{display:block;inline-size:100vw}${others.join()}{display:none}`;
      await page.setContent(`<style>${style}</style>${drawing}`);
      const path = join(work, `${layer}.png`);
      await page.screenshot({ path, omitBackground: true });
      files.push(path);
    }
    return files;
  } finally {
    await browser.close();
  }
}

async function spoken({ says }: FakePerson, work: string): Promise<string> {
  const raw = join(work, 'voice-raw.wav');
  const file = join(work, 'voice.wav');
  await run('espeak-ng', ['-v', 'cmn', '-s', '150', '-w', raw, says]);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', raw, '-ar', '48000', '-ac', '1', '-af', 'apad=pad_dur=0.4', file]);
  return file;
}
