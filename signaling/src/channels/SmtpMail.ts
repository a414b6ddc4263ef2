import { z } from 'zod';
import { CARRIER_TIMEOUT_MS } from './carrierSettings.ts';
import type { Channel, OutgoingMessage } from './Channel.ts';
import { SmtpConversation } from './SmtpConversation.ts';

const Settings = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(465),
  /** `tls` from the first byte (RFC 8314); `none` is for a relay on this very machine. */
  security: z.enum(['tls', 'none']).default('tls'),
  user: z.string().optional(),
  password: z.string().optional(),
  from: z.email(),
  /** The gateway's address of a phone, e.g. `{phone}@sms.example.cn`. */
  recipient: z.string().includes('{phone}').includes('@'),
});

const LINE_CHARACTERS = 76;
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const folded = (text: string): string => text.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'))?.join('\r\n') ?? '';

/** Hands messages to a mail server, for places whose SMS gateway takes mail (RFC 5321, RFC 5322). */
export class SmtpMail implements Channel {
  readonly name = 'smtp';
  readonly #settings: z.infer<typeof Settings>;

  private constructor(settings: z.infer<typeof Settings>) {
    this.#settings = settings;
  }

  /** @throws when the settings are incomplete, or would send a password over a plain connection */
  static create(settings: unknown): SmtpMail {
    const parsed = Settings.parse(settings);
    if (parsed.security === 'none' && parsed.password !== undefined) {
      throw new TypeError('a password is sent over TLS only');
    }
    return new SmtpMail(parsed);
  }

  async send({ communicationId, phone, text }: OutgoingMessage): Promise<void> {
    const { host, port, security, user, password, from, recipient } = this.#settings;
    const to = recipient.replace('{phone}', phone);
    const conversation = await SmtpConversation.open({ host, port, security, timeoutMs: CARRIER_TIMEOUT_MS });
    try {
      await conversation.say(`EHLO ${from.split('@')[1] ?? host}`, 250);
      if (user !== undefined && password !== undefined) {
        await conversation.say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235);
      }
      await conversation.say(`MAIL FROM:<${from}>`, 250);
      await conversation.say(`RCPT TO:<${to}>`, 250);
      await conversation.say('DATA', 354);
      const lines = [
        `From: <${from}>`,
        `To: <${to}>`,
        `Subject: =?UTF-8?B?${base64('云医院')}?=`,
        `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
        `Message-ID: <${communicationId}@${host}>`,
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        // Base64 has no line that begins with a dot.
        folded(base64(text)),
        '.',
      ];
      await conversation.say(lines.join('\r\n'), 250);
      await conversation.say('QUIT', 221);
    } finally {
      conversation.close();
    }
  }
}
