import type { MessageKind } from './templates.ts';

/** One message to one phone, composed already. */
export interface OutgoingMessage {
  readonly communicationId: string;
  readonly phone: string;
  readonly kind: MessageKind;
  /** Values of the kind's template, for carriers that take nothing but a registered template. */
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A way to a phone: an SMS carrier, a mail gateway, or (without any) the inbox alone. */
export interface Channel {
  readonly name: string;
  /** Resolves when the carrier took the message. @throws when it did not; the message may then be sent again */
  send(message: OutgoingMessage): Promise<void>;
}

/** The configured channels as one. */
export interface Channels {
  /** Offers the message to one channel after the other until one takes it. @throws the last refusal */
  deliver(message: OutgoingMessage): Promise<void>;
}
