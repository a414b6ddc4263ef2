import { createWorker, type types as mediasoup } from 'mediasoup';
import { pin } from './cores.ts';
import type { IceRemote } from './connectSrtp.ts';
import type { Place, Subject, SubjectKind } from './Subject.ts';
import { STREAM, TRANSPORT_CC } from './topology.ts';

const VP8: mediasoup.RouterRtpCodecCapability = { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 };
/** Kinds of feedback that estimate bandwidth. */
const ESTIMATION = new Set(['transport-cc', 'goog-remb']);
/** Header extensions that do: the transport-wide number and the absolute time of sending. */
const isEstimation = ({ uri }: { uri: string }): boolean => uri === TRANSPORT_CC || uri.endsWith('abs-send-time');

/** What a subscriber without bandwidth estimation and RTX says it can do. */
function plainCapabilities({
  codecs = [],
  headerExtensions = [],
}: mediasoup.RtpCapabilities): mediasoup.RtpCapabilities {
  return {
    codecs: codecs
      .filter(({ mimeType }) => !mimeType.endsWith('/rtx'))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ type }) => !ESTIMATION.has(type)),
      })),
    headerExtensions: headerExtensions.filter((extension) => !isEstimation(extension)),
  };
}

function publishedParameters(publisher: number, estimation: boolean): mediasoup.RtpParameters {
  const feedback = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }];
  return {
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: STREAM.payloadType,
        clockRate: STREAM.clockRate,
        rtcpFeedback: [...feedback, ...(estimation ? [{ type: 'transport-cc' }] : [])],
      },
      ...(estimation
        ? [
            {
              mimeType: 'video/rtx',
              payloadType: STREAM.rtxPayloadType,
              clockRate: STREAM.clockRate,
              parameters: { apt: STREAM.payloadType },
            },
          ]
        : []),
    ],
    headerExtensions: estimation ? [{ uri: TRANSPORT_CC, id: STREAM.transportCcId }] : [],
    encodings: [
      {
        ssrc: STREAM.ssrcOf(publisher),
        ...(estimation ? { rtx: { ssrc: STREAM.rtxSsrcOf(publisher) } } : {}),
      },
    ],
    rtcp: { cname: `publisher-${publisher}` },
  };
}

/**
 * mediasoup's worker, driven without our signaling, as our media node uses it: one router a room, one UDP port for all.
 * With bandwidth estimation (transport-cc) and RTX, which come with the router's capabilities, or without both.
 */
export const mediasoupKind = (estimation: boolean): SubjectKind => ({
  name: estimation ? 'mediasoup' : 'mediasoup without transport-cc and RTX',
  start: (place) => start(place, estimation),
});

async function start({ topology, load, ends, core }: Place, estimation: boolean): Promise<Subject> {
  const worker = await createWorker({ logLevel: 'error' });
  await pin(worker.pid, core);
  const webRtcServer = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: ends.address }] });
  const rooms = [...new Set(topology.publishers)];
  const routers = new Map(
    await Promise.all(rooms.map(async (room) => [room, await worker.createRouter({ mediaCodecs: [VP8] })] as const)),
  );
  const routerOf = (room: number | undefined): mediasoup.Router => {
    const router = room === undefined ? undefined : routers.get(room);
    if (router === undefined) throw new Error('the topology has a subscriber without a room');
    return router;
  };
  const createTransport = async (router: mediasoup.Router): Promise<mediasoup.WebRtcTransport> => {
    // The generator's one check is all it sends: no consent is asked of it.
    const transport = await router.createWebRtcTransport({ webRtcServer, iceConsentTimeout: 0 });
    await transport.connect({
      dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: ends.fingerprint }] },
    });
    return transport;
  };

  const senders = await Promise.all(topology.publishers.map((room) => createTransport(routerOf(room))));
  const producers = await Promise.all(
    senders.map((transport, index) =>
      transport.produce({ kind: 'video', rtpParameters: publishedParameters(index, estimation) }),
    ),
  );
  await load.connect('publishers', senders.map(remoteOf));

  const receivers = await Promise.all(
    topology.subscribers.map(([first = 0]) => createTransport(routerOf(topology.publishers[first]))),
  );
  await load.connect('subscribers', receivers.map(remoteOf));
  const consumers = await Promise.all(
    receivers.flatMap((transport, index) => {
      const taken = topology.subscribers[index] ?? [];
      const router = routerOf(topology.publishers[taken[0] ?? 0]);
      const rtpCapabilities = estimation ? router.rtpCapabilities : plainCapabilities(router.rtpCapabilities);
      return taken.map((publisher) =>
        transport.consume({ producerId: producers[publisher]?.id ?? '', rtpCapabilities }),
      );
    }),
  );
  return {
    name: mediasoupKind(estimation).name,
    pid: worker.pid,
    transportCc: estimation,
    forwarded: async () => {
      const stats = await Promise.all(consumers.map((consumer) => consumer.getStats()));
      return stats
        .flat()
        .reduce((sum, stat) => sum + (stat.type === 'outbound-rtp' && stat.kind === 'video' ? stat.packetCount : 0), 0);
    },
    close: () => {
      worker.close();
      return Promise.resolve();
    },
  };
}

function remoteOf({ iceParameters, iceCandidates }: mediasoup.WebRtcTransport): IceRemote {
  const [candidate] = iceCandidates;
  if (candidate === undefined) throw new Error('the transport has no candidate');
  return { address: candidate.address, port: candidate.port, ...iceParameters };
}
