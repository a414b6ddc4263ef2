import type { LoadGenerator } from './LoadGenerator.ts';
import type { Opened } from './loadMessages.ts';
import type { Topology } from './topology.ts';

/** An SFU under measurement, with everybody of a topology connected to it. */
export interface Subject {
  readonly name: string;
  readonly pid: number;
  /** Whether the publishers number their packets for it. */
  readonly transportCc: boolean;
  /** RTP packets sent to all subscribers so far, by its own count. */
  forwarded(): Promise<number>;
  close(): Promise<void>;
}

/** What a subject needs to start. */
export interface Place {
  readonly topology: Topology;
  readonly load: LoadGenerator;
  /** The generator's sockets and its one certificate. */
  readonly ends: Opened;
  /** The core that belongs to the SFU alone. */
  readonly core: number;
}

export interface SubjectKind {
  readonly name: string;
  start(place: Place): Promise<Subject>;
}
