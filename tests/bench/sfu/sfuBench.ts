import { ownAddress } from '../../../infra/src/system/addresses.ts';
import { findProgram } from '../../../infra/src/system/packages.ts';
import { allowedCores } from './cores.ts';
import { janusKind } from './janusSubject.ts';
import { mediasoupKind } from './mediasoupSubject.ts';
import { measureSubjects, type Plan, type Sample } from './measureSubjects.ts';
import { type Floor, measureFloor } from './sendFloor.ts';
import type { SubjectKind } from './Subject.ts';
import { oneToMany, roomsOfFour } from './topology.ts';

/** 30 × 4 packets of 1,100 B a second are 1.06 Mbit/s: 640×360 and more. */
const ROOMS_PACKETS_PER_FRAME = 4;
/** 30 × 16 to each of a hundred: 48,000 packets/s. */
const MANY_PACKETS_PER_FRAME = 16;
const ROOMS = 6;
const SUBSCRIBERS = 100;
/** Under --full rooms of 4 also with a quarter and with four times the packets. */
const GROWTH = [1, 16] as const;

export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Everything measured of the SFUs, for the rows. */
export interface SfuMeasurement {
  /** The worker binary that ran. */
  readonly worker: string;
  readonly rooms: Samples;
  readonly many: Samples;
  readonly floors: readonly Floor[];
  readonly growth: ReadonlyMap<number, Samples>;
}

/** @returns undefined on a machine with one core: SFU and generator would wait for each other */
export async function measureSfus(full: boolean, asked: (row: number) => boolean): Promise<SfuMeasurement | undefined> {
  const [sfuCore, loadCore] = allowedCores();
  if (sfuCore === undefined || loadCore === undefined || findProgram('taskset') === undefined) return undefined;
  const address = await ownAddress();
  const janus = findProgram('janus');
  const kinds: SubjectKind[] = [
    mediasoupKind(true),
    ...(janus === undefined ? [] : [janusKind(janus, 1), janusKind(janus, 0)]),
    mediasoupKind(false),
  ];
  const base = { seconds: full ? 5 : 3, rounds: full ? 5 : 3, address, sfuCore, loadCore };
  const rooms: Plan = { ...base, topology: roomsOfFour(ROOMS), packetsPerFrame: ROOMS_PACKETS_PER_FRAME };
  const many: Plan = { ...base, topology: oneToMany(SUBSCRIBERS), packetsPerFrame: MANY_PACKETS_PER_FRAME };
  const floors: Floor[] = [];
  const takeFloor = async (): Promise<void> => {
    const floor = await measureFloor(address, SUBSCRIBERS, sfuCore);
    if (floor !== undefined) floors.push(floor);
  };
  const none: Samples = new Map();
  const growth = new Map<number, Samples>();
  const roomSamples = asked(6) || asked(8) ? await measureSubjects(kinds, rooms) : none;
  for (const packetsPerFrame of full && asked(6) ? GROWTH : []) {
    growth.set(packetsPerFrame, await measureSubjects(kinds.slice(0, 2), { ...rooms, packetsPerFrame, rounds: 2 }));
  }
  return {
    worker: process.env['MEDIASOUP_WORKER_BIN'] ?? 'mediasoup’s own',
    rooms: roomSamples,
    many: asked(7) ? await measureSubjects(kinds, many, takeFloor) : none,
    floors,
    growth,
  };
}
