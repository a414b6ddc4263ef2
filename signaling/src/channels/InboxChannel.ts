import type { Logger } from 'pino';
import { maskPhone } from '../domain/masking.ts';
import type { Channel, OutgoingMessage } from './Channel.ts';

/**
 * Without a carrier the message stays where it lies, in the inbox, and the log says so. Only the demo district's log
 * shows the text, since that is how its people get their codes.
 */
export class InboxChannel implements Channel {
  readonly name = 'inbox';
  readonly #log: Logger;
  readonly #showText: boolean;

  constructor(log: Logger, showText: boolean) {
    this.#log = log;
    this.#showText = showText;
  }

  send({ communicationId, kind, phone, text }: OutgoingMessage): Promise<void> {
    const words = this.#showText ? text : 'message left in the inbox';
    this.#log.info({ communicationId, kind, phone: maskPhone(phone) }, words);
    return Promise.resolve();
  }
}
