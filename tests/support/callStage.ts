import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type EncounterId, NodeId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { SocketResponseData } from '@cloud-hospital/protocol/socket';
import type { SfuConfig } from '@cloud-hospital/sfu/config';
import { inject } from 'vitest';
import { opusParameters, rtpCapabilities, TestNode } from '../media/support.ts';
import { Browser } from './Browser.ts';
import { CallDistrict, type Clinic, type SignedIn, type Specialist } from './callDistrict.ts';
import { type Replica, startReplica } from './replica.ts';
import { createTestDatabase, createTestRedis, type TestDatabase, type TestRedis } from './testDatabase.ts';

export interface StageOptions {
  readonly nodes?: number;
  readonly replicas?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeConfig?: Partial<SfuConfig>;
}

/** One side of a call: its socket, and what the join answered. */
export interface Side {
  readonly browser: Browser;
  readonly joined: SocketResponseData<'room:join'>;
}
export interface RunningCall {
  readonly clinic: Clinic;
  readonly specialist: Specialist;
  readonly encounterId: EncounterId;
  readonly terminal: Side;
  readonly doctor: Side;
  readonly inRoom: { readonly roomId: RoomId; readonly epoch: number };
}

/** Signaling replicas and media nodes in the test's own process, on a database of their own. */
export class CallStage {
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly nodes: TestNode[];
  readonly replicas: Replica[];
  readonly district: CallDistrict;
  readonly #browsers: Browser[] = [];

  private constructor(database: TestDatabase, redis: TestRedis, nodes: TestNode[], replicas: Replica[]) {
    this.database = database;
    this.redis = redis;
    this.nodes = nodes;
    this.replicas = replicas;
    this.district = new CallDistrict(this.replica().services);
  }

  static async start({ nodes: nodeCount = 1, replicas = 1, env = {}, nodeConfig = {} }: StageOptions = {}) {
    const database = await createTestDatabase();
    const redis = await createTestRedis();
    const nodes: TestNode[] = [];
    for (let index = 1; index <= nodeCount; index += 1) {
      nodes.push(await startNode(`sfu-${index}`, nodeConfig));
    }
    const urls = nodes.map(({ node }) => node.controlUrl).join(',');
    const started: Replica[] = [];
    for (let index = 0; index < replicas; index += 1) {
      started.push(await startReplica({ database, redis, env: { SFU_STATIC_NODES: urls, ...env } }));
    }
    return new CallStage(database, redis, nodes, started);
  }

  replica(index = 0): Replica {
    const replica = this.replicas[index];
    if (replica === undefined) throw new Error(`no replica ${index}`);
    return replica;
  }

  node(index = 0): TestNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`no media node ${index}`);
    return node;
  }

  /** What an operation needs to know of whoever has that session; with an idempotency key of its own each time. */
  async as(who: SignedIn) {
    const { actor } = await this.replica().services.sessions.resolve(who.cookie, who.face);
    if (actor === null) throw new Error('no session');
    return { agent: actor, requestId: 'test', idempotencyKey: randomUUID(), publicOrigin: 'https://clinic.example' };
  }

  async connect(who: SignedIn, replica = this.replica(), instanceId?: string): Promise<Browser> {
    const browser = await Browser.connect(replica.url, who, instanceId === undefined ? {} : { instanceId });
    this.#browsers.push(browser);
    return browser;
  }

  async join(browser: Browser, encounterId: EncounterId): Promise<Side> {
    const { instanceId } = browser;
    return { browser, joined: await browser.request('room:join', { encounterId, instanceId, rtpCapabilities }) };
  }

  /** A called visit whose two sides have joined, parked; each on the replica given. */
  async ringing(terminalAt = this.replica(), doctorAt = terminalAt): Promise<RunningCall> {
    const [clinic, specialist] = [await this.district.clinic(), await this.district.specialist()];
    const encounterId = await this.district.visit(clinic, specialist);
    const terminal = await this.join(await this.connect(clinic.terminal, terminalAt), encounterId);
    const doctor = await this.join(await this.connect(specialist, doctorAt), encounterId);
    const { roomId, epoch } = terminal.joined;
    return { clinic, specialist, encounterId, terminal, doctor, inRoom: { roomId, epoch } };
  }

  /** The same, answered. */
  async answered(terminalAt = this.replica(), doctorAt = terminalAt): Promise<RunningCall> {
    const call = await this.ringing(terminalAt, doctorAt);
    const { terminal, doctor, encounterId } = call;
    await terminal.browser.request('call:answer', { encounterId });
    await Promise.all([terminal.browser.hears('room:opened'), doctor.browser.hears('room:opened')]);
    return call;
  }

  /** Switches a microphone on and returns its producerId. */
  async speak({ browser, joined }: Side, rtpParameters = opusParameters()) {
    const { producerId } = await browser.request('producer:create', {
      roomId: joined.roomId,
      epoch: joined.epoch,
      transportId: joined.sendTransport.transportId,
      kind: 'audio',
      source: 'microphone',
      rtpParameters,
    });
    return producerId;
  }

  /** Which peers the media node really has in that room, whatever anybody believes. */
  async peersIn(roomId: RoomId, node = this.node()): Promise<{ peerId: PeerId; rights: string }[]> {
    const link = await node.link();
    const { rooms } = await link.request('node:inventory', {});
    return rooms.find((room) => room.roomId === roomId)?.peers ?? [];
  }

  async stop(): Promise<void> {
    for (const browser of this.#browsers) browser.close();
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.database.drop();
  }
}

/** A media node under the secret that the replicas of the tests know. */
export async function startNode(name: string, overrides: Partial<SfuConfig> = {}): Promise<TestNode> {
  const { linkSecret } = JSON.parse(readFileSync(inject('servers').secretsFile, 'utf8')) as { linkSecret: string };
  return TestNode.start({ nodeId: NodeId.parse(name), linkSecret, ...overrides });
}
