import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallProblemCode, LocalSource } from '../callState.types.ts';
import { LocalMedia } from './LocalMedia.ts';

/** Stands for a MediaStreamTrack: what LocalMedia uses of it. */
class FakeTrack extends EventTarget {
  enabled = true;
  readyState = 'live';
  contentHint = '';
  readonly id = crypto.randomUUID();
  readonly kind: 'audio' | 'video';
  readonly label: string;
  constructor(kind: 'audio' | 'video', label: string) {
    super();
    this.kind = kind;
    this.label = label;
  }
  getSettings = () => ({ deviceId: this.label });
  stop = (): void => {
    this.readyState = 'ended';
  };
}

/** A computer: which devices are plugged in and which the person or another program withholds. */
class FakeDevices extends EventTarget {
  present: string[] = ['mic-1', 'cam-1'];
  refuses: Partial<Record<'audio' | 'video', string>> = {};
  tracks: FakeTrack[] = [];
  /** Constraints of whatever was opened. */
  readonly asked: unknown[] = [];

  getUserMedia = async (constraints: { audio?: unknown; video?: unknown }) => {
    const opened = (['audio', 'video'] as const)
      .filter((kind) => constraints[kind])
      .map((kind) => this.#open(kind, constraints[kind]));
    this.tracks.push(...opened);
    return { getTracks: () => opened };
  };
  enumerateDevices = async () =>
    this.present.map((name) => ({ kind: name.startsWith('mic') ? 'audioinput' : 'videoinput', deviceId: name }));

  unplug(name: string): void {
    this.present = this.present.filter((one) => one !== name);
    for (const track of this.tracks.filter((one) => one.label === name && one.readyState === 'live')) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    this.dispatchEvent(new Event('devicechange'));
  }
  plug(name: string): void {
    this.present = [...this.present, name];
    this.dispatchEvent(new Event('devicechange'));
  }
  live = () => this.tracks.filter((track) => track.readyState === 'live').map((track) => track.label);

  #open(kind: 'audio' | 'video', wanted: unknown): FakeTrack {
    const refusal = this.refuses[kind];
    if (refusal) throw new DOMException('no', refusal);
    const mine = this.present.filter((name) => name.startsWith(kind === 'audio' ? 'mic' : 'cam'));
    const { ideal, exact } = (wanted as { deviceId?: { ideal?: string; exact?: string } }).deviceId ?? {};
    const name =
      exact === undefined ? (mine.find((one) => one === ideal) ?? mine[0]) : mine.find((one) => one === exact);
    if (name === undefined) throw new DOMException('no', 'NotFoundError');
    this.asked.push(wanted);
    return new FakeTrack(kind, name);
  }
}

let devices: FakeDevices;
let media: LocalMedia;
let problems: Set<CallProblemCode>;
let sources: Record<'microphone' | 'camera' | 'examination', Partial<LocalSource>>;

beforeEach(() => {
  vi.useFakeTimers();
  devices = new FakeDevices();
  vi.stubGlobal('navigator', { mediaDevices: devices });
  media = new LocalMedia();
  problems = new Set();
  sources = { microphone: {}, camera: {}, examination: {} };
  media.on('problem', (code, present) => void (present ? problems.add(code) : problems.delete(code)));
  media.on('source', (source, patch) => Object.assign(sources[source], patch));
});
afterEach(() => {
  media.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(400);

describe('taking the devices', () => {
  test('takes both with one prompt', async () => {
    const asked = vi.spyOn(devices, 'getUserMedia');
    await media.start();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(sources.microphone).toMatchObject({ status: 'live', deviceId: 'mic-1' });
    expect(sources.camera).toMatchObject({ status: 'live', deviceId: 'cam-1' });
    expect(problems.size).toBe(0);
  });

  test.each([
    ['NotAllowedError', 'camera-denied'],
    ['NotFoundError', 'camera-missing'],
    ['NotReadableError', 'camera-busy'],
  ] as const)('a camera refused by %s leaves the microphone, and is said as %s', async (name, code) => {
    devices.refuses = { video: name };
    await media.start();
    expect(sources.microphone.status).toBe('live');
    expect(sources.camera.status).toBe('unavailable');
    expect([...problems]).toEqual([code]);
  });

  test('with nothing at all it still starts, and says both', async () => {
    devices.present = [];
    await media.start();
    expect([...problems].sort()).toEqual(['camera-missing', 'microphone-missing']);
  });

  test('a page without secure context says so instead of failing', async () => {
    vi.stubGlobal('navigator', {});
    await media.start();
    expect([...problems]).toEqual(['insecure-context']);
  });

  test('after the permission was granted, retry takes what was missing and leaves the rest alone', async () => {
    devices.refuses = { video: 'NotAllowedError' };
    await media.start();
    const microphone = media.track('microphone');
    devices.refuses = {};
    await media.retry();
    expect(sources.camera.status).toBe('live');
    expect(problems.size).toBe(0);
    expect(media.track('microphone')).toBe(microphone);
  });
});

describe('muting', () => {
  test('the microphone stays open and silent; the camera is let go, its light goes out', async () => {
    await media.start();
    await media.setOn('microphone', false);
    await media.setOn('camera', false);
    expect(devices.live()).toEqual(['mic-1']);
    expect(media.track('microphone')?.enabled).toBe(false);
    expect(sources).toMatchObject({ microphone: { status: 'paused' }, camera: { status: 'paused', trackId: null } });
    await media.setOn('microphone', true);
    await media.setOn('camera', true);
    expect(media.track('microphone')?.enabled).toBe(true);
    expect(devices.live()).toEqual(['mic-1', 'cam-1']);
  });

  test('a camera switched off while it opens doesn’t come on', async () => {
    const starting = media.start();
    await media.setOn('camera', false);
    await starting;
    expect(devices.live()).toEqual(['mic-1']);
    expect(media.track('camera')).toBeNull();
  });

  test('a muted microphone that is switched to another device stays muted', async () => {
    devices.plug('mic-2');
    await media.start();
    await media.setOn('microphone', false);
    await media.select('microphone', 'mic-2');
    expect(sources.microphone).toMatchObject({ status: 'paused', deviceId: 'mic-2' });
    expect(media.track('microphone')?.enabled).toBe(false);
  });
});

describe('devices that come and go', () => {
  test('switching replaces the track and lets the old device go', async () => {
    devices.plug('cam-2');
    await media.start();
    await media.select('camera', 'cam-2');
    expect(devices.live().sort()).toEqual(['cam-2', 'mic-1']);
    expect(sources.camera.deviceId).toBe('cam-2');
  });

  test('a camera that is unplugged is said at once, and taken again when it is back', async () => {
    await media.start();
    devices.unplug('cam-1');
    expect([...problems]).toEqual(['camera-lost']);
    expect(sources.camera).toMatchObject({ status: 'unavailable', trackId: null });
    expect(media.track('microphone')).not.toBeNull();
    await settle();
    devices.plug('cam-1');
    await settle();
    expect(problems.size).toBe(0);
    expect(sources.camera.status).toBe('live');
  });

  test('when another camera is there, it steps in', async () => {
    devices.plug('cam-2');
    await media.start();
    devices.unplug('cam-1');
    await settle();
    expect(sources.camera).toMatchObject({ status: 'live', deviceId: 'cam-2' });
  });

  test('a camera that the person switched off isn’t taken when one is plugged in', async () => {
    await media.start();
    await media.setOn('camera', false);
    devices.plug('cam-2');
    await settle();
    expect(devices.live()).toEqual(['mic-1']);
  });

  test('a chosen camera that comes back takes its place again from whichever stepped in', async () => {
    devices.plug('cam-2');
    await media.start();
    await media.select('camera', 'cam-2');
    devices.unplug('cam-2');
    await settle();
    expect(sources.camera.deviceId).toBe('cam-1');
    devices.plug('cam-2');
    await settle();
    expect(sources.camera.deviceId).toBe('cam-2');
    expect(devices.live().sort()).toEqual(['cam-2', 'mic-1']);
  });

  test('a device that is gone although its track says nothing is noticed with the next change of devices', async () => {
    await media.start();
    devices.present = ['mic-1'];
    devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect([...problems]).toEqual(['camera-lost']);
    expect(sources.camera.status).toBe('unavailable');
  });

  test('what was chosen in one call is taken in the next one', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    devices.plug('mic-2');
    await media.start();
    await media.select('microphone', 'mic-2');
    await media.setSound({ noiseSuppression: false });
    media.close();
    media = new LocalMedia();
    await media.start();
    expect(media.sound).toEqual({ noiseSuppression: false, echoCancellation: true });
    expect(devices.live().sort()).toEqual(['cam-1', 'mic-2']);
    expect(devices.asked.at(-2)).toMatchObject({ noiseSuppression: false, deviceId: { ideal: 'mic-2' } });
  });

  test('how sound is treated is kept for each microphone', async () => {
    vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
    devices.plug('mic-2');
    await media.start();
    await media.select('microphone', 'mic-2');
    await media.setSound({ noiseSuppression: false, echoCancellation: false });
    expect(devices.asked.at(-1)).toMatchObject({ noiseSuppression: false, echoCancellation: false });
    await media.select('microphone', 'mic-1');
    expect(media.sound).toEqual({ noiseSuppression: true, echoCancellation: true });
    expect(devices.asked.at(-1)).toMatchObject({ noiseSuppression: true, echoCancellation: true });
    await media.select('microphone', 'mic-2');
    expect(devices.asked.at(-1)).toMatchObject({ noiseSuppression: false, echoCancellation: false });
  });

  test('close() lets everything go and hears nothing more', async () => {
    await media.start();
    media.close();
    expect(devices.live()).toEqual([]);
    devices.plug('cam-3');
    await settle();
    expect(devices.live()).toEqual([]);
  });
});

describe('the examination camera', () => {
  test('is off until it is wanted, and is another one than the face’s', async () => {
    devices.plug('cam-2');
    await media.start();
    expect(devices.live().sort()).toEqual(['cam-1', 'mic-1']);
    await media.setOn('examination', true);
    expect(sources.examination).toMatchObject({ status: 'live', deviceId: 'cam-2' });
    await media.setOn('examination', false);
    expect(sources.examination.status).toBe('off');
    expect(devices.live().sort()).toEqual(['cam-1', 'mic-1']);
  });

  test('isn’t replaced by the face’s camera where there is only one', async () => {
    await media.start();
    await media.setOn('examination', true);
    expect([...problems]).toEqual(['examination-missing']);
    expect(devices.live()).toEqual(['mic-1', 'cam-1']);
    devices.plug('cam-2');
    await settle();
    expect(problems.size).toBe(0);
    expect(sources.examination).toMatchObject({ status: 'live', deviceId: 'cam-2' });
  });

  test('says how many cameras there are, and says it anew when that changes', async () => {
    const counts: number[] = [];
    media.on('cameras', (count) => counts.push(count));
    await media.start();
    devices.plug('cam-2');
    await settle();
    expect(counts).toEqual([1, 2]);
  });
});
