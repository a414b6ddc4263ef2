import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A flash and a beep at each full second: whoever records them can be asked how far apart they came. */
const FLASH = "color=black:s=320x240:r=25,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.12)'";
/** Of the system, see infra/src/system/packages.ts. */
const PROGRAM = 'ffmpeg';
const BEEP = "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,1),0.12)':s=48000";

/** What a camera and a microphone would send, made by ffmpeg in real time, packet by packet. */
export class TestSignal {
  readonly #sockets: readonly Socket[];
  readonly #process: ChildProcess;

  private constructor(sockets: readonly Socket[], source: ChildProcess) {
    this.#sockets = sockets;
    this.#process = source;
  }

  static async start(onPacket: (kind: 'audio' | 'video', packet: Buffer) => void): Promise<TestSignal> {
    const [video, audio] = await Promise.all([socket(), socket()]);
    video.on('message', (packet) => onPacket('video', packet));
    audio.on('message', (packet) => onPacket('audio', packet));
    // RTCP goes where nobody listens.
    const to = (one: Socket): string => `rtp://127.0.0.1:${one.address().port}?rtcpport=9&pkt_size=1100`;
    const source = spawn(
      PROGRAM,
      [
        ...['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', FLASH, '-re', '-f', 'lavfi', '-i', BEEP],
        ...['-map', '0:v', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-b:v', '300k'],
        ...['-f', 'rtp', to(video), '-map', '1:a', '-c:a', 'libopus', '-ac', '2', '-f', 'rtp', to(audio)],
      ],
      { stdio: 'ignore' },
    );
    await once(source, 'spawn');
    return new TestSignal([video, audio], source);
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
