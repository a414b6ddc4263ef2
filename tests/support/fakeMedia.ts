import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What Chromium's fake camera and microphone play, in a loop. */
export interface FakeMedia {
  /** Motion JPEG, 640×360 at 15 fps, a moving picture with a clock that shows tenths of a second. */
  readonly video: string;
  /** WAV, 48 kHz mono, spoken Mandarin. */
  readonly audio: string;
}

export interface FakePerson {
  readonly name: string;
  /** ffmpeg colour of the background, so that the two ends can be told apart on a screenshot. */
  readonly colour: string;
  readonly says: string;
}

export const SPECIALIST: FakePerson = {
  name: 'specialist',
  colour: '0x0b6b6b',
  says: '您好，我是专家门诊的医生，请您说说哪里不舒服。',
};
export const CLINIC: FakePerson = {
  name: 'clinic',
  colour: '0x8a5a00',
  says: '医生您好，我最近上楼的时候胸口发闷，已经两个星期了。',
};

const SECONDS = 12;

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Makes the person's fake picture and voice with ffmpeg and espeak-ng, once per directory.
 * @throws when either program is missing or fails
 */
export async function makeFakeMedia(person: FakePerson, directory: string): Promise<FakeMedia> {
  await mkdir(directory, { recursive: true });
  const video = join(directory, `${person.name}.mjpeg`);
  const audio = join(directory, `${person.name}.wav`);
  if (!(await exists(video))) {
    const clock =
      "drawtext=text='%{pts\\:hms}':fontcolor=white:fontsize=56:x=(w-tw)/2:y=h-90:box=1:boxcolor=black@0.6:boxborderw=12";
    const head =
      'drawbox=x=240:y=60:w=160:h=170:color=0xf0d0b0:t=fill,drawbox=x=200:y=230:w=240:h=130:color=white@0.9:t=fill';
    const moving = "drawtext=text='###':fontcolor=yellow:fontsize=28:x='mod(t*120,w-60)':y=16";
    const temporary = `${video}.${process.pid}.mjpeg`;
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=c=${person.colour}:s=640x360:r=15:d=${SECONDS}`],
      ...['-vf', `${head},${moving},noise=alls=6:allf=t,${clock}`, '-q:v', '5', '-f', 'mjpeg', temporary],
    ]);
    await rename(temporary, video);
  }
  if (!(await exists(audio))) {
    const spoken = `${audio}.${process.pid}.raw.wav`;
    const temporary = `${audio}.${process.pid}.wav`;
    await run('espeak-ng', ['-v', 'cmn', '-s', '150', '-w', spoken, person.says]);
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      spoken,
      '-ar',
      '48000',
      '-ac',
      '1',
      '-af',
      'apad=pad_dur=0.4',
      temporary,
    ]);
    await rename(temporary, audio);
    await rm(spoken);
  }
  return { video, audio };
}
