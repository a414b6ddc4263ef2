import { AppError, type PeerId, ProducerId } from '@cloud-hospital/protocol';
import type { PeerProducer } from './ProducerSet.ts';

type Sharing = { readonly peerId: PeerId; producer: PeerProducer | null };

export type TakenOver = { readonly peerId: PeerId; readonly producerId: ProducerId };

/**
 * Whose screen a room shows: one at a time. The place is taken before the worker is asked, so that of two who begin in
 * the same instant one is refused.
 */
export class SharedScreen {
  #sharing: Sharing | null = null;

  /**
   * Makes a screen's Producer. The peer's own older screen ends, and another's when the request takes over.
   *
   * @param create asks the worker
   * @returns whose screen ended in favour of this one, who has to be told
   * @throws AppError LIMIT_REACHED `screen-taken`, and whatever `create` throws
   */
  async share(
    peerId: PeerId,
    takesOver: boolean,
    create: () => Promise<PeerProducer>,
  ): Promise<{ producer: PeerProducer; takenOver: TakenOver | null }> {
    const before = this.#sharing;
    const isOthers = before !== null && before.peerId !== peerId;
    // One in the making can't be taken over: whoever asks sees it a moment later and asks again.
    if (isOthers && (!takesOver || before.producer === null)) {
      throw new AppError('LIMIT_REACHED', { reason: 'screen-taken' });
    }
    const mine: Sharing = { peerId, producer: null };
    this.#sharing = mine;
    try {
      const producer = await create();
      if (this.#sharing !== mine) {
        producer.close();
        throw new AppError('LIMIT_REACHED', { reason: 'screen-taken' });
      }
      mine.producer = producer;
      producer.observer.once('close', () => {
        if (this.#sharing === mine) this.#sharing = null;
      });
      const ended = before?.producer ?? null;
      const isTaken = isOthers && ended !== null && !ended.closed;
      ended?.close();
      return {
        producer,
        takenOver: isTaken ? { peerId: before.peerId, producerId: ProducerId.parse(ended.id) } : null,
      };
    } catch (error) {
      if (this.#sharing === mine) this.#sharing = before?.producer?.closed === false ? before : null;
      throw error;
    }
  }
}
