import type { NodeAnnouncement } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { leastLoaded, type NodeCandidate } from './nodeChoice.ts';
import { type NodeIdentity, SfuLink, type SfuNotification } from './SfuLink.ts';

export interface NodeDirectoryOptions {
  readonly secret: string;
  readonly replicaId: string;
  /** Control links known without Redis. */
  readonly staticUrls: readonly string[];
  readonly log: Logger;
}

export interface NodeListeners {
  readonly onUp: (node: MediaNode) => void;
  readonly onDead: (node: MediaNode) => void;
  readonly onDraining: (node: MediaNode) => void;
  readonly onNotification: (node: MediaNode, notification: SfuNotification) => void;
}

/** A node neither linked nor announced for this long is forgotten. Milliseconds. */
const FORGET_AFTER_MS = 60_000;

/** One media node as this replica sees it: its link, and what it last announced. */
export class MediaNode implements NodeCandidate {
  readonly link: SfuLink;
  readonly isStatic: boolean;
  announcement: NodeAnnouncement | undefined;
  lastSign = performance.now();
  #toldToDrain: string | undefined;
  /** Rooms placed here since the last announcement: a burst must not all go to the same node. */
  #placed = 0;

  constructor(link: SfuLink, isStatic: boolean) {
    this.link = link;
    this.isStatic = isStatic;
  }

  get identity(): NodeIdentity | undefined {
    return this.link.identity;
  }

  get nodeId(): string {
    return this.identity?.nodeId ?? this.announcement?.nodeId ?? this.link.url;
  }

  get isUp(): boolean {
    return this.link.isUp;
  }

  get draining(): boolean {
    const incarnation = this.identity?.incarnation;
    if (incarnation === undefined) return this.announcement?.draining ?? false;
    if (this.#toldToDrain === incarnation) return true;
    return this.announcement?.incarnation === incarnation && this.announcement.draining;
  }

  get load(): number {
    return this.announcement?.load ?? 0;
  }

  get rooms(): number {
    return (this.announcement?.rooms ?? 0) + this.#placed;
  }

  get workers(): number {
    return this.announcement?.workers ?? 1;
  }

  /** The link said so, which reaches replicas that can't see Redis. Ends with the node's process. */
  markDraining(): void {
    this.#toldToDrain = this.identity?.incarnation;
  }

  announce(announcement: NodeAnnouncement): void {
    this.announcement = announcement;
    this.lastSign = performance.now();
    this.#placed = 0;
  }

  countPlaced(): void {
    this.#placed += 1;
  }
}

/**
 * All media nodes this replica has heard of, one link each. What was announced stays known while Redis is away; the
 * link alone says whether a node lives.
 */
export class NodeDirectory {
  readonly #options: NodeDirectoryOptions;
  readonly #nodes = new Map<string, MediaNode>();
  readonly #listeners = new Set<NodeListeners>();
  #closed = false;

  constructor(options: NodeDirectoryOptions) {
    this.#options = options;
    for (const url of options.staticUrls) this.#open(url, true);
  }

  get nodes(): readonly MediaNode[] {
    return [...this.#nodes.values()];
  }

  /** @returns the matching `off` */
  listen(listeners: NodeListeners): () => void {
    this.#listeners.add(listeners);
    return () => this.#listeners.delete(listeners);
  }

  /** What Redis says now. */
  update(announcements: readonly NodeAnnouncement[]): void {
    if (this.#closed) return;
    for (const announcement of announcements) {
      const node = this.#nodes.get(announcement.controlUrl) ?? this.#open(announcement.controlUrl, false);
      const wasDraining = node.draining;
      node.announce(announcement);
      if (node.draining && !wasDraining) this.#tell((listeners) => listeners.onDraining(node));
    }
    this.#forgetOld();
  }

  /** The linked node with this identity. */
  live(nodeId: string, incarnation: string): MediaNode | undefined {
    return this.nodes.find(
      (node) => node.isUp && node.identity?.nodeId === nodeId && node.identity.incarnation === incarnation,
    );
  }

  /**
   * Whether rooms pinned to this identity have lost their node: another process runs under its name, or its link was
   * given up. Of a node never heard of nothing is claimed.
   */
  isGone(nodeId: string, incarnation: string): boolean {
    if (this.live(nodeId, incarnation) !== undefined) return false;
    return this.nodes.some(
      (node) =>
        node.nodeId === nodeId && ((node.isUp && node.identity?.incarnation !== incarnation) || node.link.isDead),
    );
  }

  isKnown(nodeId: string): boolean {
    return this.nodes.some((node) => node.nodeId === nodeId);
  }

  /** @param except a node that just failed, taken again only when there is no other */
  pick(except?: string): MediaNode | undefined {
    return leastLoaded(this.nodes, except) ?? leastLoaded(this.nodes);
  }

  close(): void {
    this.#closed = true;
    for (const node of this.nodes) node.link.close();
    this.#nodes.clear();
  }

  #open(url: string, isStatic: boolean): MediaNode {
    const { secret, replicaId, log } = this.#options;
    // The link's callbacks come later than this, from the event loop.
    const link = new SfuLink({
      url,
      secret,
      replicaId,
      log,
      onUp: () => this.#tell((listeners) => listeners.onUp(node)),
      onDead: () => this.#tell((listeners) => listeners.onDead(node)),
      onNotification: (_link, notification) => {
        if (notification.name === 'node:draining' && !node.draining) {
          node.markDraining();
          this.#tell((listeners) => listeners.onDraining(node));
        }
        this.#tell((listeners) => listeners.onNotification(node, notification));
      },
    });
    const node = new MediaNode(link, isStatic);
    this.#nodes.set(url, node);
    return node;
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const node of this.nodes) {
      if (node.isUp) node.lastSign = now;
      if (node.isStatic || now - node.lastSign < FORGET_AFTER_MS) continue;
      node.link.close();
      this.#nodes.delete(node.link.url);
    }
  }

  #tell(call: (listeners: NodeListeners) => void): void {
    if (this.#closed) return;
    for (const listeners of this.#listeners) call(listeners);
  }
}
