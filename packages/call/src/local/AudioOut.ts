import type { ConsumerId } from '@cloud-hospital/protocol';

/**
 * Plays the others' sound, one element a consumer, apart from whatever the page shows: a panel that closes must not
 * cut the voice. Lip-sync doesn't need a common element: browsers synchronise by the RTP stream's group.
 */
export class AudioOut {
  readonly #elements = new Map<ConsumerId, HTMLAudioElement>();
  readonly #onBlocked: (blocked: boolean) => void;
  #sinkId = '';

  /** @param onBlocked the browser plays no sound until the page is touched, or plays again */
  constructor(onBlocked: (blocked: boolean) => void) {
    this.#onBlocked = onBlocked;
  }

  add(consumerId: ConsumerId, track: MediaStreamTrack): void {
    this.remove(consumerId);
    const element = new Audio();
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    this.#elements.set(consumerId, element);
    void this.#route(element).then(() => this.#play(element));
  }

  remove(consumerId: ConsumerId): void {
    const element = this.#elements.get(consumerId);
    if (!element) return;
    this.#elements.delete(consumerId);
    element.pause();
    element.srcObject = null;
  }

  /** Where the browser can choose (not Safari); otherwise the system's default goes on. */
  async setSink(deviceId: string): Promise<void> {
    this.#sinkId = deviceId;
    await Promise.all([...this.#elements.values()].map((element) => this.#route(element)));
  }

  /** From a touch or a key press. */
  async unblock(): Promise<void> {
    await Promise.all([...this.#elements.values()].map((element) => this.#play(element)));
  }

  close(): void {
    for (const consumerId of [...this.#elements.keys()]) this.remove(consumerId);
  }

  async #route(element: HTMLAudioElement): Promise<void> {
    if (this.#sinkId === '' || !('setSinkId' in element)) return;
    try {
      await element.setSinkId(this.#sinkId);
    } catch (error) {
      // The speaker was unplugged: the default one plays instead.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
      this.#onBlocked(false);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      // AbortError: removed before it began. NotAllowedError: the autoplay policy.
      if (error.name === 'NotAllowedError') this.#onBlocked(true);
    }
  }
}
