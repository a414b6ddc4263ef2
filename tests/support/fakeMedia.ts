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

/** How the person is filmed. */
export interface Film {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly format: 'mjpeg' | 'y4m';
}

/** To be looked at and measured with. Chromium plays Motion JPEG at 24 to 30 frames a second, whatever it was made at. */
export const LARGE: Film = { width: 960, height: 540, framesPerSecond: 15, format: 'mjpeg' };
/**
 * For tests, which ask whether a picture comes and moves: two layers and a tenth of the pixels a second, so that two
 * cores have time for two calls. Raw pictures say at how many frames a second they are to be played.
 */
export const SMALL: Film = { width: 480, height: 270, framesPerSecond: 10, format: 'y4m' };

/** The drawing moves in pixels of this width. */
const DRAWN_WIDTH = 960;
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
export async function makeFakeMedia(person: FakePerson, directory: string, film: Film): Promise<FakeMedia> {
  await mkdir(directory, { recursive: true });
  const video = join(directory, `${person.name}-${film.height}.${film.format}`);
  const audio = join(directory, `${person.name}.wav`);
  const [hasVideo, hasAudio] = await Promise.all([exists(video), exists(audio)]);
  if (hasVideo && hasAudio) return { video, audio };
  const work = await mkdtemp(join(directory, '.making-'));
  try {
    if (!hasVideo) await rename(await filmed(person, film, work), video);
    if (!hasAudio) await rename(await spoken(person, work), audio);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { video, audio };
}

/** The layers sway against each other, the eyes close now and then, the mouth opens while there is something to say. */
async function filmed(person: FakePerson, film: Film, work: string): Promise<string> {
  const layers = await drawnLayers(person, film, work);
  const rate = String(film.framesPerSecond);
  const inputs = layers.flatMap((file) => ['-loop', '1', '-framerate', rate, '-i', file]);
  const px = (pixels: number): number => (pixels * film.width) / DRAWN_WIDTH;
  const sway = `x='${px(7)}*sin(2*PI*t/6)':y='${px(5)}*sin(2*PI*t/3)'`;
  const clock = `drawtext=text='%{pts\\:hms}':fontcolor=white:fontsize=${px(26)}:x=w-tw-${px(24)}:y=${px(24)}:box=1:boxcolor=black@0.5:boxborderw=${px(8)}`;
  const graph = [
    `[0][1]overlay=y='${px(2)}*sin(2*PI*t/3)'[a]`,
    `[a][2]overlay=${sway}[b]`,
    `[b][3]overlay=${sway}:enable='lt(mod(t,3),0.16)'[c]`,
    `[c][4]overlay=${sway}:enable='lt(mod(t,0.4),0.2)*lt(mod(t,6),4.5)'[d]`,
    `[d]${clock},format=${film.format === 'mjpeg' ? 'yuvj420p' : 'yuv420p'}`,
  ].join(';');
  const file = join(work, `picture.${film.format}`);
  const form = film.format === 'mjpeg' ? ['-q:v', '4', '-f', 'mjpeg'] : ['-f', 'yuv4mpegpipe'];
  await run('ffmpeg', [
    ...['-v', 'error', '-y', ...inputs, '-filter_complex', graph],
    ...['-t', String(SECONDS), '-r', rate, ...form, file],
  ]);
  return file;
}

/** @returns a picture with a transparent ground for each layer of the drawing */
async function drawnLayers({ name }: FakePerson, { width, height }: Film, work: string): Promise<string[]> {
  const drawing = await readFile(new URL(`./people/${name}.svg`, import.meta.url), 'utf8');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width, height } });
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
