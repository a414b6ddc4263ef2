/** Host candidates are found within milliseconds; a machine too busy for that is asked again later. */
const GATHERING_MS = 500;

/**
 * A hidden frame, whose peer connections know the networks that the machine has now. Chromium tells a page's own
 * connections of another network 3 to 4 s after the change (it waits for the system to settle; measured on Linux), while
 * a frame that is made afterwards asks for itself and knows it within 50 ms. Tracks pass freely between both.
 */
export class NetworkFrame {
  readonly #frame: HTMLIFrameElement;
  readonly #Connection: typeof RTCPeerConnection;

  private constructor(frame: HTMLIFrameElement, Connection: typeof RTCPeerConnection) {
    this.#frame = frame;
    this.#Connection = Connection;
  }

  /** @returns null where the browser gives frames no peer connections */
  static open(): NetworkFrame | null {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    document.body.append(frame);
    const Connection = frame.contentDocument?.defaultView?.RTCPeerConnection;
    if (Connection !== undefined) return new NetworkFrame(frame, Connection);
    frame.remove();
    return null;
  }

  /** All of the machine's addresses now; none where the browser hides them behind names (mDNS), or takes too long. */
  async addresses(): Promise<ReadonlySet<string>> {
    const connection = new this.#Connection();
    const found = new Set<string>();
    try {
      const isComplete = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), GATHERING_MS);
        connection.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate?.type === 'host' && isAddress(candidate.address)) found.add(candidate.address);
          if (candidate !== null) return;
          clearTimeout(timer);
          resolve(true);
        });
        connection.addTransceiver('audio', { direction: 'recvonly' });
        connection.setLocalDescription().catch(() => resolve(false));
      });
      return isComplete ? found : new Set();
    } finally {
      connection.close();
    }
  }

  /** Whatever peer connections `make` makes before it returns are the frame's, and live no longer than it. */
  within<Made>(make: () => Made): Made {
    const own = globalThis.RTCPeerConnection;
    globalThis.RTCPeerConnection = this.#Connection;
    try {
      return make();
    } finally {
      globalThis.RTCPeerConnection = own;
    }
  }

  /** Idempotent. */
  close(): void {
    this.#frame.remove();
  }
}

/** An address, and not one of the names that browsers give instead to pages without a camera's permission. */
export const isAddress = (address: unknown): address is string =>
  typeof address === 'string' && address !== '' && !address.endsWith('.local');
