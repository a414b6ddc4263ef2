import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { signAliyun } from './aliyunSignature.ts';
import { CARRIER_TIMEOUT_MS, TemplateCodes, templateCodeFor } from './carrierSettings.ts';
import type { Channel, OutgoingMessage } from './Channel.ts';

const Settings = z.object({
  accessKeyId: z.string().min(1),
  accessKeySecret: z.string().min(1),
  /** The registered signature, without brackets. */
  signName: z.string().min(1),
  templates: TemplateCodes,
  host: z.string().default('dysmsapi.aliyuncs.com'),
});

const Answer = z.object({ Code: z.string(), RequestId: z.string().optional() });

/** Short Message Service of Alibaba Cloud: `SendSms`, version 2017-05-25. */
export class AliyunSms implements Channel {
  readonly name = 'aliyun-sms';
  readonly #settings: z.infer<typeof Settings>;
  readonly #fetch: typeof fetch;

  private constructor(settings: z.infer<typeof Settings>, fetcher: typeof fetch) {
    this.#settings = settings;
    this.#fetch = fetcher;
  }

  /** @throws when the settings are incomplete */
  static create(settings: unknown, fetcher: typeof fetch = fetch): AliyunSms {
    return new AliyunSms(Settings.parse(settings), fetcher);
  }

  async send({ communicationId, phone, kind, params }: OutgoingMessage): Promise<void> {
    const { signName, templates, ...keys } = this.#settings;
    const { url, headers } = signAliyun({
      ...keys,
      action: 'SendSms',
      version: '2017-05-25',
      query: {
        PhoneNumbers: phone,
        SignName: signName,
        TemplateCode: templateCodeFor(templates, kind),
        TemplateParam: JSON.stringify(params),
        OutId: communicationId,
      },
      at: new Date(),
      nonce: randomUUID(),
    });
    const response = await this.#fetch(url, {
      method: 'POST',
      headers,
      signal: AbortSignal.timeout(CARRIER_TIMEOUT_MS),
    });
    const { Code: code } = Answer.parse(await response.json());
    // Their message repeats the phone, so that only the code goes on.
    if (code !== 'OK') throw new Error(`refused: ${code}`);
  }
}
