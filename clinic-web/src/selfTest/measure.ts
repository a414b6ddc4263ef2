import {
  LineBlocked,
  type LineFault,
  lineFault,
  measureLine,
  recallDevices,
  type SignalClient,
} from '@cloud-hospital/call';
import { AppError } from '@cloud-hospital/protocol';
import type { LineFigures } from '@cloud-hospital/protocol/rest';
import { hasMediaDevices, type MediaTrouble, mediaTrouble } from './mediaTrouble.ts';

/** Why a test failed, as a word for the board and a key of the advice (`selfTest.hint.<code>`). */
export type Fault = MediaTrouble | LineFault | 'dark' | 'silent' | 'not-heard' | 'blocked' | 'no-media' | 'unreachable';

export type Result =
  | { readonly outcome: 'passed'; readonly line?: LineFigures }
  | { readonly outcome: 'failed'; readonly fault: Fault; readonly line?: LineFigures };

const failed = (fault: Fault): Result => ({ outcome: 'failed', fault });
/** What is tested is what a call will use. */
function chosen(source: 'camera' | 'microphone'): MediaTrackConstraints {
  const deviceId = recallDevices()[source];
  return deviceId === undefined ? {} : { deviceId: { ideal: deviceId } };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A lens cover leaves sensor noise of a few of 255; a dim room is far above. Mean luminance. */
const DARK = 6;
/** Cameras need a moment to set their exposure. Milliseconds. */
const EXPOSURE_MS = 700;

/** Mean luminance of what the element shows, 0–255. */
function luminance(video: HTMLVideoElement): number {
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 24;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return 255;
  context.drawImage(video, 0, 0, 32, 24);
  const { data } = context.getImageData(0, 0, 32, 24);
  let sum = 0;
  for (let index = 0; index < data.length; index += 4) {
    sum += 0.2126 * (data[index] ?? 0) + 0.7152 * (data[index + 1] ?? 0) + 0.0722 * (data[index + 2] ?? 0);
  }
  return sum / (data.length / 4);
}

/** Opens the camera into `video` and looks whether anything is to be seen. The caller stops `stream`. */
export async function testCamera(video: HTMLVideoElement, onStream: (stream: MediaStream) => void): Promise<Result> {
  if (!hasMediaDevices()) return failed('insecure');
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 1280 }, ...chosen('camera') },
    });
    onStream(stream);
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    return failed(mediaTrouble(error));
  }
  await pause(EXPOSURE_MS);
  return luminance(video) < DARK ? failed('dark') : { outcome: 'passed' };
}

/** Somebody speaking at arm's length; the hum of a room is below. Root mean square, 0–1. */
const SPEECH = 0.02;
const LISTEN_MS = 8000;
const LOOK_EVERY_MS = 50;

/** Listens until something is heard. @param onLevel root mean square, 0–1, twenty times a second */
export async function testMicrophone(onLevel: (level: number) => void, signal: AbortSignal): Promise<Result> {
  if (!hasMediaDevices()) return failed('insecure');
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, ...chosen('microphone') } });
  } catch (error) {
    return failed(mediaTrouble(error));
  }
  const context = new AudioContext();
  try {
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loud = 0;
    for (let waited = 0; waited < LISTEN_MS && !signal.aborted; waited += LOOK_EVERY_MS) {
      await pause(LOOK_EVERY_MS);
      analyser.getFloatTimeDomainData(samples);
      const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      onLevel(level);
      if (level > SPEECH) loud += 1;
      // Three looks: a knock on the table is one.
      if (loud >= 3) return { outcome: 'passed' };
    }
    return failed('silent');
  } finally {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  }
}

/** Two chimes, from the default speaker: a major third, easy to hear for old ears. */
export async function playChime(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  const chimes = [
    [659, 0],
    [523, 0.45],
  ] as const;
  for (const [frequency, at] of chimes) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const start = context.currentTime + at;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.4, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.8);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.85);
  }
  await pause(1400);
  await context.close();
}

/** Sends a picture through a media node and gets it back: what a call would find on this line. */
export async function testNetwork(signal: SignalClient): Promise<Result> {
  try {
    const line = await measureLine(signal);
    const fault = lineFault(line);
    return fault === null ? { outcome: 'passed', line } : { outcome: 'failed', fault, line };
  } catch (error) {
    if (error instanceof LineBlocked) return failed('blocked');
    if (!(error instanceof AppError)) throw error;
    return failed(error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT' ? 'unreachable' : 'no-media');
  }
}
