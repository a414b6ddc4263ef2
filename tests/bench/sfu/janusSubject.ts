import { z } from 'zod';
import type { IceRemote } from './connectSrtp.ts';
import { JanusApi } from './JanusApi.ts';
import { ADMIN_SECRET, JanusProcess } from './JanusProcess.ts';
import { publisherOffer, remoteOf, subscriberAnswer } from './janusSdp.ts';
import type { Place, Subject, SubjectKind } from './Subject.ts';

const Created = z.object({ janus: z.literal('success'), data: z.object({ id: z.number() }) });
const Room = z.object({ plugindata: z.object({ data: z.object({ videoroom: z.literal('created') }) }) });
const Jsep = z.object({ sdp: z.string() });
const Published = z.object({
  plugindata: z.object({ data: z.object({ videoroom: z.literal('joined'), id: z.number() }) }),
  jsep: Jsep,
});
const Subscribed = z.object({
  plugindata: z.object({ data: z.object({ videoroom: z.literal('attached') }) }),
  jsep: Jsep,
});
const Started = z.object({ plugindata: z.object({ data: z.object({ started: z.literal('ok') }) }) });
/** Of what the admin API tells about a connection: what each of its media has sent. */
const HandleInfo = z.object({
  info: z.object({
    webrtc: z.object({
      media: z.record(z.string(), z.object({ stats: z.object({ out: z.object({ packets: z.number() }) }) })),
    }),
  }),
});

const PUBLISHERS_PER_ROOM = 100;

/** Janus with its VideoRoom; one connection a subscriber for all streams it takes, as the rooms' own pages have. */
export const janusKind = (program: string, eventLoops: number): SubjectKind => ({
  name: eventLoops === 0 ? 'Janus, default' : `Janus, event_loops=${eventLoops}`,
  start: (place) => start(place, program, eventLoops),
});

async function start({ topology, load, ends, core }: Place, program: string, eventLoops: number): Promise<Subject> {
  await using starting = new AsyncDisposableStack();
  const janus = starting.adopt(
    await JanusProcess.start({ program, address: ends.address, eventLoops, core }),
    (started) => started.stop(),
  );
  const api = starting.adopt(await JanusApi.connect(janus.port, 'janus-protocol'), (opened) => opened.close());
  const session = (await api.ask(Created, { janus: 'create' })).data.id;
  const attach = async (): Promise<number> => {
    const request = { janus: 'attach', session_id: session, plugin: 'janus.plugin.videoroom' };
    return (await api.ask(Created, request)).data.id;
  };
  const tell = <T>(schema: z.ZodType<T>, handle: number, body: unknown, jsep?: unknown): Promise<T> =>
    api.ask(schema, {
      janus: 'message',
      session_id: session,
      handle_id: handle,
      body,
      ...(jsep === undefined ? {} : { jsep }),
    });

  const creator = await attach();
  for (const room of new Set(topology.publishers)) {
    await tell(Room, creator, {
      request: 'create',
      // Janus takes no room 0.
      room: room + 1,
      publishers: PUBLISHERS_PER_ROOM,
      videocodec: 'vp8',
      bitrate: 0,
      fir_freq: 0,
    });
  }

  const feeds: number[] = [];
  const publishing: number[] = [];
  const publisherRemotes: IceRemote[] = [];
  for (const [index, room] of topology.publishers.entries()) {
    const handle = await attach();
    const { plugindata, jsep } = await tell(
      Published,
      handle,
      { request: 'joinandconfigure', ptype: 'publisher', room: room + 1 },
      { type: 'offer', sdp: publisherOffer(ends, ends.publisherPorts[index] ?? 0, index) },
    );
    feeds.push(plugindata.data.id);
    publishing.push(handle);
    publisherRemotes.push(remoteOf(jsep.sdp));
  }
  await load.connect('publishers', publisherRemotes);
  for (const handle of publishing) await api.whenUp(handle);

  const handles: number[] = [];
  const subscriberRemotes: IceRemote[] = [];
  for (const [index, taken] of topology.subscribers.entries()) {
    const handle = await attach();
    const { jsep } = await tell(Subscribed, handle, {
      request: 'join',
      ptype: 'subscriber',
      room: (topology.publishers[taken[0] ?? 0] ?? 0) + 1,
      streams: taken.map((publisher) => ({ feed: feeds[publisher] })),
    });
    await tell(
      Started,
      handle,
      { request: 'start' },
      { type: 'answer', sdp: subscriberAnswer(jsep.sdp, ends, ends.subscriberPorts[index] ?? 0) },
    );
    handles.push(handle);
    subscriberRemotes.push(remoteOf(jsep.sdp));
  }
  await load.connect('subscribers', subscriberRemotes);
  for (const handle of handles) await api.whenUp(handle);

  const admin = starting.adopt(await JanusApi.connect(janus.adminPort, 'janus-admin-protocol'), (opened) =>
    opened.close(),
  );
  const running = starting.move();
  return {
    name: janusKind(program, eventLoops).name,
    pid: janus.pid,
    transportCc: true,
    forwarded: async () => {
      let sum = 0;
      for (const handle of handles) {
        const { info } = await admin.ask(HandleInfo, {
          janus: 'handle_info',
          session_id: session,
          handle_id: handle,
          admin_secret: ADMIN_SECRET,
        });
        for (const { stats } of Object.values(info.webrtc.media)) sum += stats.out.packets;
      }
      return sum;
    },
    close: () => running.disposeAsync(),
  };
}
