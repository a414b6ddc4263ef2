import type { ContinuityReport, Interval } from '../Continuity.ts';

/**
 * Runs in the page, before its own code: notes when a picture of the other side was presented, when its sound was played
 * out, and what the page says of its connection. With `fault:relay` in the page's storage nothing but relays is used. A classic script once its types are stripped.
 */
interface ContinuityProbe {
  /** Of everything since, milliseconds since the epoch. */
  report(since: number): ContinuityReport;
  /** Peer connections that nobody has closed. */
  openConnections(): number;
  /** Connections of that class are heard with the page's. */
  watching(Connection: typeof RTCPeerConnection): typeof RTCPeerConnection;
}

declare global {
  interface Window {
    readonly continuity?: ContinuityProbe;
  }
}

(() => {
  if (parent.continuity !== undefined) {
    // A frame of a page: its connections are the page's.
    globalThis.RTCPeerConnection = parent.continuity.watching(RTCPeerConnection);
    return;
  }
  /** Older notes are forgotten, milliseconds. */
  const KEPT_MS = 180_000;
  const AUDIO_LOOK_MS = 20;

  const now = (): number => performance.timeOrigin + performance.now();
  const frames: number[] = [];
  const sounds: number[] = [];
  const signs: { at: number; kind: 'socket' | 'phase' | 'note'; value: string }[] = [];

  const connections = new Set<RTCPeerConnection>();
  const watching = (Connection: typeof RTCPeerConnection): typeof RTCPeerConnection =>
    class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        const relayOnly = localStorage.getItem('fault:relay') !== null;
        super(relayOnly ? { ...configuration, iceTransportPolicy: 'relay' } : configuration);
        connections.add(this);
      }
    };
  globalThis.RTCPeerConnection = watching(RTCPeerConnection);

  const forget = (times: number[]): void => {
    const limit = now() - KEPT_MS;
    let old = 0;
    while ((times[old] ?? limit) < limit) old += 1;
    if (old > 1_000) times.splice(0, old);
  };

  // The last packet whose sound has reached the loudspeaker, and not the last that came in.
  const lastSounds = new WeakMap<RTCRtpReceiver, number>();
  setInterval(() => {
    for (const connection of connections) {
      if (connection.connectionState === 'closed') {
        connections.delete(connection);
        continue;
      }
      for (const receiver of connection.getReceivers()) {
        if (receiver.track.kind !== 'audio') continue;
        for (const { timestamp } of receiver.getSynchronizationSources()) {
          // A frame's connections count from the frame's own beginning.
          if (timestamp <= (lastSounds.get(receiver) ?? 0)) continue;
          lastSounds.set(receiver, timestamp);
          sounds.push(now());
        }
      }
    }
    forget(sounds);
  }, AUDIO_LOOK_MS);

  const watched = new WeakSet<HTMLVideoElement>();
  const watch = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback((at) => {
      frames.push(performance.timeOrigin + at);
      forget(frames);
      watch(video);
    });
  };

  const last = new Map<string, string>();
  const say = (kind: 'socket' | 'phase' | 'note', value: string): void => {
    if (last.get(kind) === value) return;
    last.set(kind, value);
    signs.push({ at: now(), kind, value });
    if (signs.length > 2_000) signs.splice(0, 1_000);
  };
  const attribute = (selector: string, name: string): string =>
    document.querySelector(selector)?.getAttribute(name) ?? '';
  const look = (): void => {
    for (const video of document.querySelectorAll<HTMLVideoElement>('.ch-call-others video')) {
      if (watched.has(video)) continue;
      watched.add(video);
      watch(video);
    }
    say('socket', attribute('[data-testid="live-banner"], .ch-connection', 'data-state'));
    say('phase', attribute('[data-testid="call"], [data-testid="stage"]', 'data-phase'));
    say('note', document.querySelector('.ch-call-notes')?.textContent ?? '');
  };
  new MutationObserver(look).observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['data-state', 'data-phase'],
  });

  /** The longest stretch without a sign in between; the last one lasts until now. */
  function longestGap(times: readonly number[], since: number): Interval {
    const end = now();
    const before = times.findLast((at) => at <= since) ?? since;
    const all = [before, ...times.filter((at) => at > since), end];
    let longest: Interval = { from: before, to: before };
    for (const [index, to] of all.entries()) {
      const from = all[index - 1];
      if (from !== undefined && to - from > longest.to - longest.from) longest = { from, to };
    }
    return longest;
  }

  const probe: ContinuityProbe = {
    watching,
    openConnections: () => [...connections].filter(({ connectionState }) => connectionState !== 'closed').length,
    report: (since) => ({
      at: now(),
      picture: longestGap(frames, since),
      sound: longestGap(sounds, since),
      lastFrame: frames.at(-1) ?? null,
      lastSound: sounds.at(-1) ?? null,
      frames: frames.filter((at) => at > since),
      signs: signs.filter(({ at }) => at > since),
      now: Object.fromEntries(last),
    }),
  };
  Object.assign(globalThis, { continuity: probe });
})();
