import { z } from 'zod';

const IceRemote = z.object({
  address: z.string(),
  port: z.number(),
  usernameFragment: z.string(),
  password: z.string(),
});

/** What the bench asks of the process that makes the load. */
export const LoadRequest = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('open'), address: z.string(), publishers: z.number(), subscribers: z.number() }),
  z.object({ ask: z.literal('connect'), side: z.enum(['publishers', 'subscribers']), remotes: z.array(IceRemote) }),
  z.object({ ask: z.literal('measure'), probes: z.array(z.number()) }),
  z.object({
    ask: z.literal('run'),
    seconds: z.number(),
    packetsPerFrame: z.number(),
    /** Whether packets carry a transport-wide sequence number. */
    transportCc: z.boolean(),
  }),
]);
export type LoadRequest = z.infer<typeof LoadRequest>;

export const Opened = z.object({
  /** The local address of all sockets. */
  address: z.string(),
  fingerprint: z.string(),
  usernameFragment: z.string(),
  password: z.string(),
  publisherPorts: z.array(z.number()),
  subscriberPorts: z.array(z.number()),
});
export type Opened = z.infer<typeof Opened>;

export const Ran = z.object({
  /** RTP packets of all publishers together. */
  sent: z.number(),
  /** Seconds that it took: longer than asked where the generator was too slow. */
  seconds: z.number(),
  /** Send to kernel's receive timestamp at a probe, microseconds. */
  latencies: z.array(z.number()),
});
export type Ran = z.infer<typeof Ran>;
