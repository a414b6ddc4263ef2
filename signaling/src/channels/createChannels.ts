import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Channel, Channels } from './Channel.ts';
import { InboxChannel } from './InboxChannel.ts';

/** Adapters by the name the configuration uses; each is loaded only where it is configured. */
const ADAPTERS: Record<string, (settings: unknown) => Promise<Channel>> = {
  'aliyun-sms': async (settings) => (await import('./AliyunSms.ts')).AliyunSms.create(settings),
  'tencent-sms': async (settings) => (await import('./TencentSms.ts')).TencentSms.create(settings),
  smtp: async (settings) => (await import('./SmtpMail.ts')).SmtpMail.create(settings),
};

/**
 * The configured channels, in the order of the configuration.
 * @throws Error naming a channel that doesn't exist or lacks its settings
 */
export async function createChannels(
  config: Pick<Config, 'CHANNELS' | 'DEMO_DISTRICT' | 'secrets'>,
  log: Logger,
): Promise<Channels> {
  const names = config.CHANNELS.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const channels: Channel[] = await Promise.all(
    names.map((name) => {
      const load = ADAPTERS[name];
      if (load === undefined) throw new Error(`There is no channel "${name}".`);
      return load(config.secrets.channels[name]).catch((error: unknown) => {
        throw new Error(`The secrets file lacks settings for the channel "${name}".`, { cause: error });
      });
    }),
  );
  if (channels.length === 0) {
    if (!config.DEMO_DISTRICT) log.warn('no channel is configured: login codes reach nobody');
    channels.push(new InboxChannel(log, config.DEMO_DISTRICT));
  }
  return {
    async deliver(message) {
      let refusal: unknown;
      for (const channel of channels) {
        try {
          await channel.send(message);
          return;
        } catch (error) {
          refusal = error;
          log.warn({ err: error, channel: channel.name, communicationId: message.communicationId }, 'not delivered');
        }
      }
      throw refusal;
    },
  };
}
