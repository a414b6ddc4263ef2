import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import { type CallSample, type CallStep, MOST_SAMPLES, MOST_STEPS } from '@cloud-hospital/protocol/socket';
import type { CallMediaMode } from '@cloud-hospital/protocol/states';
import type { CallQuality, RecoveryEntry } from '../callState.types.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import { toCallSample } from './callSample.ts';

/** Readings of a second each that become one sample. */
const READINGS_A_SAMPLE = 5;
/** How often what has gathered is told, milliseconds. */
const TELL_EVERY_MS = 10_000;
/** The last of a call that has ended waits for a lost socket so long, milliseconds. */
const LAST_TIMEOUT_MS = 60_000;
/** An hour without a socket; the oldest is dropped first. */
const MOST_KEPT = 720;
const CODE = /^[\w.:-]{1,60}$/;

interface CallReporterOptions {
  readonly signal: Pick<SignalClient, 'request'>;
  readonly encounterId: EncounterId;
  /** Milliseconds since the epoch by the server's clock. */
  readonly now: () => number;
}

/** Tells the server how the call goes, for its record. Keeps what can't be told while the socket is lost. */
export class CallReporter {
  readonly #options: CallReporterOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #readings: CallQuality[] = [];
  #before: CallQuality | null = null;
  #samples: CallSample[] = [];
  #steps: CallStep[] = [];
  #telling: Promise<void> | null = null;
  #closed = false;

  constructor(options: CallReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#tell(), TELL_EVERY_MS);
  }

  /** One reading a second. */
  add(quality: CallQuality, mode: CallMediaMode): void {
    if (this.#closed) return;
    this.#readings.push(quality);
    if (this.#readings.length >= READINGS_A_SAMPLE) this.#complete(mode);
  }

  addStep({ stage, at, sinceLossMs, detail }: RecoveryEntry): void {
    // Stamped by this machine's clock just now; the record has one clock.
    const ago = Math.max(0, Date.now() - at);
    this.#steps.push({
      stage,
      at: new Date(this.#options.now() - ago).toISOString(),
      sinceLossMs: Math.max(0, Math.round(sinceLossMs)),
      detail: detail !== null && CODE.test(detail) ? detail : null,
    });
    this.#steps = this.#steps.slice(-MOST_KEPT);
  }

  /** Tells what is left, waiting for the socket if it must. Idempotent. */
  close(mode: CallMediaMode): void {
    if (this.#closed) return;
    if (this.#readings.length > 0) this.#complete(mode);
    this.#closed = true;
    clearInterval(this.#timer);
    void (this.#telling ?? Promise.resolve()).then(() => this.#tell(LAST_TIMEOUT_MS));
  }

  #complete(mode: CallMediaMode): void {
    const sample = toCallSample(this.#readings, this.#before, this.#options.now(), mode);
    this.#before = this.#readings.at(-1) ?? null;
    this.#readings = [];
    this.#samples = [...this.#samples, sample].slice(-MOST_KEPT);
  }

  async #tell(timeoutMs?: number): Promise<void> {
    if (this.#telling !== null || (this.#samples.length === 0 && this.#steps.length === 0)) return;
    this.#telling = this.#send(timeoutMs).finally(() => {
      this.#telling = null;
    });
    await this.#telling;
  }

  async #send(timeoutMs?: number): Promise<void> {
    const { signal, encounterId } = this.#options;
    const samples = this.#samples.slice(0, MOST_SAMPLES);
    const steps = this.#steps.slice(0, MOST_STEPS);
    try {
      await signal.request(
        'call:report',
        { encounterId, samples, steps },
        timeoutMs === undefined ? { whenLost: 'fail' } : { timeoutMs },
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Told again next time; what the server refuses would be refused again.
      if (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT') return;
    }
    // Others may have come meanwhile.
    this.#samples = this.#samples.filter((sample) => !samples.includes(sample));
    this.#steps = this.#steps.filter((step) => !steps.includes(step));
  }
}
