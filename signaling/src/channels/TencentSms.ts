import { z } from 'zod';
import { CARRIER_TIMEOUT_MS, TemplateCodes, templateCodeFor } from './carrierSettings.ts';
import type { Channel, OutgoingMessage } from './Channel.ts';
import { placeholdersOf } from './templates.ts';
import { signTencent } from './tencentSignature.ts';

const Settings = z.object({
  secretId: z.string().min(1),
  secretKey: z.string().min(1),
  /** The SMS application's SdkAppId. */
  appId: z.string().min(1),
  signName: z.string().min(1),
  templates: TemplateCodes,
  region: z.string().default('ap-guangzhou'),
  host: z.string().default('sms.tencentcloudapi.com'),
});

const Answer = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string() }).optional(),
    SendStatusSet: z.array(z.object({ Code: z.string() })).optional(),
  }),
});

/** Short messages of Tencent Cloud: `SendSms`, version 2021-01-11. */
export class TencentSms implements Channel {
  readonly name = 'tencent-sms';
  readonly #settings: z.infer<typeof Settings>;
  readonly #fetch: typeof fetch;

  private constructor(settings: z.infer<typeof Settings>, fetcher: typeof fetch) {
    this.#settings = settings;
    this.#fetch = fetcher;
  }

  /** @throws when the settings are incomplete */
  static create(settings: unknown, fetcher: typeof fetch = fetch): TencentSms {
    return new TencentSms(Settings.parse(settings), fetcher);
  }

  async send({ communicationId, phone, kind, params }: OutgoingMessage): Promise<void> {
    const { appId, signName, templates, ...keys } = this.#settings;
    const body = JSON.stringify({
      PhoneNumberSet: [`+86${phone}`],
      SmsSdkAppId: appId,
      SignName: signName,
      TemplateId: templateCodeFor(templates, kind),
      // Their templates number the values.
      TemplateParamSet: placeholdersOf(kind).map((name) => params[name] ?? ''),
      SessionContext: communicationId,
    });
    const response = await this.#fetch(`https://${keys.host}/`, {
      method: 'POST',
      headers: signTencent({ ...keys, service: 'sms', action: 'SendSms', version: '2021-01-11', body, at: new Date() }),
      body,
      signal: AbortSignal.timeout(CARRIER_TIMEOUT_MS),
    });
    const { Response: answer } = Answer.parse(await response.json());
    const code = answer.Error?.Code ?? answer.SendStatusSet?.[0]?.Code ?? 'no status';
    if (code !== 'Ok') throw new Error(`refused: ${code}`);
  }
}
