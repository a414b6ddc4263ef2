/** Who sends and who takes what. */
export interface Topology {
  readonly name: string;
  /** The room of each publisher. */
  readonly publishers: readonly number[];
  /** The publishers that each subscriber takes, all of one room. */
  readonly subscribers: readonly (readonly number[])[];
}

/** Everybody in a room sends to the three others; each has one transport for all that they receive, as our pages have. */
export function roomsOfFour(rooms: number): Topology {
  const publishers = Array.from({ length: rooms * 4 }, (_, index) => Math.floor(index / 4));
  const subscribers = publishers.map((room, self) =>
    publishers.flatMap((other, index) => (other === room && index !== self ? [index] : [])),
  );
  return { name: `${rooms} rooms of 4`, publishers, subscribers };
}

export const oneToMany = (subscribers: number): Topology => ({
  name: `1 → ${subscribers}`,
  publishers: [0],
  subscribers: Array.from({ length: subscribers }, () => [0]),
});

/** Packets that leave an SFU for each that every publisher sends. */
export const deliveriesOf = ({ subscribers }: Topology): number =>
  subscribers.reduce((sum, publishers) => sum + publishers.length, 0);

/** What the generator's streams look like on the wire, the same to every SFU. */
export const STREAM = {
  payloadType: 96,
  rtxPayloadType: 97,
  /** Extension id of the transport-wide sequence number. */
  transportCcId: 3,
  clockRate: 90_000,
  ssrcOf: (publisher: number): number => 1_000 + publisher,
  rtxSsrcOf: (publisher: number): number => 5_000 + publisher,
} as const;

export const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
