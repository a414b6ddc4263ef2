import type { CallMoment, CallMoments, MediaReport } from '../mediaReport.ts';

/**
 * Runs in the page, before its own code: notes the moments of a call when they become visible, and counts what flows
 * through the peer connections. A classic script once its types are stripped: type imports only, no exports.
 */
interface CallProbe {
  moments(): CallMoments;
  /** Before another call on the same page. */
  forget(): void;
  media(): Promise<MediaReport>;
  /** Connections of that class are counted with the page's. */
  watching(Connection: typeof RTCPeerConnection): typeof RTCPeerConnection;
}

declare global {
  interface Window {
    readonly callProbe?: CallProbe;
  }
}

(() => {
  if (parent.callProbe !== undefined) {
    // A frame of a page: its connections are the page's.
    globalThis.RTCPeerConnection = parent.callProbe.watching(RTCPeerConnection);
    return;
  }
  let connections: RTCPeerConnection[] = [];
  const watching = (Connection: typeof RTCPeerConnection): typeof RTCPeerConnection =>
    class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        // Those of calls that are over are let go: whoever looks for leaks must not find the probe.
        connections = [...connections.filter(({ connectionState }) => connectionState !== 'closed'), this];
      }
    };
  globalThis.RTCPeerConnection = watching(RTCPeerConnection);

  let moments: { [Moment in CallMoment]?: number } = {};
  const note = (moment: CallMoment, at: number): void => {
    moments[moment] ??= performance.timeOrigin + at;
  };
  const matches = (target: EventTarget | null, selector: string): boolean =>
    target instanceof Element && target.closest(selector) !== null;

  addEventListener(
    'keydown',
    (event) => {
      if (event.code === 'Space' && !event.repeat) note('pressed', event.timeStamp);
    },
    true,
  );
  addEventListener(
    'click',
    (event) => {
      if (matches(event.target, '[data-testid="call-next"]')) note('pressed', event.timeStamp);
      if (matches(event.target, '.ch-call-answer')) note('answered', event.timeStamp);
    },
    true,
  );

  // When the page's own code could first know: what follows is the page's share.
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data, timeStamp }: MessageEvent<unknown>) => {
        if (typeof data === 'string' && data.includes('"call:ringing"')) note('ring-heard', timeStamp);
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!entry.name.endsWith('/queue/call-next') || !(entry instanceof PerformanceResourceTiming)) continue;
      note('asked', entry.startTime);
      note('ring-committed', entry.responseStart);
    }
  }).observe({ type: 'resource' });

  const watched = new WeakSet<HTMLVideoElement>();
  const look = (): void => {
    if (moments['ringing-shown'] === undefined && document.querySelector('.ch-call-ringing') !== null) {
      // Painted after the frame that follows the change.
      requestAnimationFrame(() => setTimeout(() => note('ringing-shown', performance.now())));
    }
    for (const video of document.querySelectorAll<HTMLVideoElement>('.ch-call-others video')) {
      if (watched.has(video)) continue;
      watched.add(video);
      video.requestVideoFrameCallback((_now, frame) => note('first-frame', frame.expectedDisplayTime));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });

  type Stat = Readonly<Record<string, unknown>>;
  const number = (stat: Stat, key: string): number => Number(stat[key] ?? 0);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');

  async function media(): Promise<MediaReport> {
    const open = connections.filter(({ connectionState }) => connectionState !== 'closed');
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    const stats = reports.flatMap((report): { stat: Stat; codec: string }[] =>
      [...report.values()].map((stat: Stat) => {
        const codec: Stat = report.get(text(stat['codecId'])) ?? {};
        return { stat, codec: text(codec['mimeType']) };
      }),
    );
    const of = (type: string, kind: string) =>
      stats.filter(
        ({ stat }) =>
          stat['type'] === type && stat['kind'] === kind && Number(stat['packetsSent'] ?? stat['packetsReceived']) > 0,
      );
    const received = ({ stat, codec }: { stat: Stat; codec: string }) => ({
      ssrc: number(stat, 'ssrc'),
      codec,
      packetsReceived: number(stat, 'packetsReceived'),
      packetsLost: number(stat, 'packetsLost'),
      bytesReceived: number(stat, 'bytesReceived'),
      jitterMs: number(stat, 'jitter') * 1_000,
    });
    const sent = ({ stat, codec }: { stat: Stat; codec: string }) => ({
      codec,
      packetsSent: number(stat, 'packetsSent'),
      bytesSent: number(stat, 'bytesSent'),
    });
    const byId = new Map(stats.map(({ stat }) => [text(stat['id']), stat]));
    // A pair that was nominated once stays so when another one has taken its place.
    const pairs = stats.flatMap(({ stat }) => {
      const selected = stat['type'] === 'transport' ? byId.get(text(stat['selectedCandidatePairId'])) : undefined;
      return selected === undefined ? [] : [selected];
    });
    const roundTrips = pairs.map((pair) => number(pair, 'currentRoundTripTime')).filter((seconds) => seconds > 0);
    return {
      receives: {
        audio: of('inbound-rtp', 'audio').map((one) => ({
          ...received(one),
          energy: number(one.stat, 'totalAudioEnergy'),
          seconds: number(one.stat, 'totalSamplesDuration'),
          concealedSamples: number(one.stat, 'concealedSamples'),
        })),
        video: of('inbound-rtp', 'video').map((one) => ({
          ...received(one),
          framesDecoded: number(one.stat, 'framesDecoded'),
          framesDropped: number(one.stat, 'framesDropped'),
          framesPerSecond: number(one.stat, 'framesPerSecond'),
          width: number(one.stat, 'frameWidth'),
          height: number(one.stat, 'frameHeight'),
          freezes: number(one.stat, 'freezeCount'),
          keyFrames: number(one.stat, 'keyFramesDecoded'),
        })),
      },
      sends: {
        audio: of('outbound-rtp', 'audio').map(sent),
        video: of('outbound-rtp', 'video').map((one) => ({
          ...sent(one),
          rid: text(one.stat['rid']),
          active: one.stat['active'] === true,
          framesEncoded: number(one.stat, 'framesEncoded'),
          framesPerSecond: number(one.stat, 'framesPerSecond'),
          width: number(one.stat, 'frameWidth'),
          height: number(one.stat, 'frameHeight'),
          encoder: text(one.stat['encoderImplementation']),
          limitedBy: text(one.stat['qualityLimitationReason']),
        })),
      },
      protocols: [...new Set(pairs.map((pair) => text(byId.get(text(pair['localCandidateId']))?.['protocol'])))],
      relayed:
        pairs.length > 0 &&
        pairs.every((pair) => byId.get(text(pair['localCandidateId']))?.['candidateType'] === 'relay'),
      roundTripMs: roundTrips.length === 0 ? null : Math.max(...roundTrips) * 1_000,
    };
  }

  const callProbe: CallProbe = {
    watching,
    moments: () => moments,
    forget: () => {
      moments = {};
    },
    media,
  };
  Object.assign(globalThis, { callProbe });
})();
