import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A flash and a beep at each full second: whoever records them can be asked how far apart they came. */
const FLASH = "color=black:s=320x240:r=25,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.12)'";
/** Of the system, see infra/src/system/packages.ts. */
const PROGRAM = 'ffmpeg';
export type PictureCodec = 'VP8' | 'H264';
/** A key frame each second; H.264 as terminals with a hardware encoder send it: constrained baseline, no B frames. */
const ENCODERS: { readonly [Codec in PictureCodec]: readonly string[] } = {
  VP8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-b:v', '300k'],
  H264: [
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-level', '3.1'],
    ...['-profile:v', 'baseline', '-g', '25', '-b:v', '300k'],
  ],
};
const BEEP = "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,1),0.12)':s=48000";

/** Both streams begin with the same instant; how late after it something of them comes. */
class Delay {
  least = Number.POSITIVE_INFINITY;
  readonly #clockRate: number;
  #first: number | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  add(timestamp: number): void {
    this.#first ??= timestamp;
    const elapsed = (((timestamp - this.#first) | 0) / this.#clockRate) * 1_000;
    this.least = Math.min(this.least, performance.now() - elapsed);
  }
}

/** What a camera and a microphone would send, made by ffmpeg in real time, packet by packet. */
export class TestSignal {
  readonly #sockets: readonly Socket[];
  readonly #process: ChildProcess;
  readonly #delays: { readonly video: Delay; readonly audio: Delay };

  private constructor(sockets: readonly Socket[], source: ChildProcess, delays: { video: Delay; audio: Delay }) {
    this.#sockets = sockets;
    this.#process = source;
    this.#delays = delays;
  }

  /** How much later than its sound a picture leaves here at best: encoding takes its time. Milliseconds. */
  get skewMs(): number {
    return this.#delays.video.least - this.#delays.audio.least;
  }

  static async start(
    onPacket: (kind: 'audio' | 'video', packet: Buffer) => void,
    codec: PictureCodec = 'VP8',
  ): Promise<TestSignal> {
    const [video, audio] = await Promise.all([socket(), socket()]);
    const delays = { video: new Delay(90_000), audio: new Delay(48_000) };
    const pass = (kind: 'audio' | 'video') => (packet: Buffer) => {
      delays[kind].add(packet.readUInt32BE(4));
      onPacket(kind, packet);
    };
    video.on('message', pass('video'));
    audio.on('message', pass('audio'));
    // RTCP goes where nobody listens.
    const to = (one: Socket): string => `rtp://127.0.0.1:${one.address().port}?rtcpport=9&pkt_size=1100`;
    const source = spawn(
      PROGRAM,
      [
        ...['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', FLASH, '-re', '-f', 'lavfi', '-i', BEEP],
        ...['-map', '0:v', ...ENCODERS[codec]],
        ...['-f', 'rtp', to(video), '-map', '1:a', '-c:a', 'libopus', '-ac', '2', '-f', 'rtp', to(audio)],
      ],
      { stdio: 'ignore' },
    );
    await once(source, 'spawn');
    return new TestSignal([video, audio], source, delays);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    for (const one of this.#sockets) one.close();
  }
}

async function socket(): Promise<Socket> {
  const one = createSocket('udp4');
  one.bind(0, '127.0.0.1');
  await once(one, 'listening');
  return one;
}
