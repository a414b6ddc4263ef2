import { createHash, createHmac } from 'node:crypto';

export interface TencentRequest {
  readonly host: string;
  readonly service: string;
  readonly action: string;
  readonly version: string;
  readonly region: string;
  /** JSON, exactly as it is sent. */
  readonly body: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly at: Date;
}

const CONTENT_TYPE = 'application/json; charset=utf-8';
const ALGORITHM = 'TC3-HMAC-SHA256';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

/**
 * Headers of a request to Tencent Cloud's API 3.0 with its signature, version 3 (TC3-HMAC-SHA256).
 * Source: cloud.tencent.com/document/api/382/52072
 */
export function signTencent(request: TencentRequest): Record<string, string> {
  const { host, service, action, version, region, body, secretId, secretKey } = request;
  const timestamp = String(Math.floor(request.at.getTime() / 1000));
  const date = request.at.toISOString().slice(0, 10);
  const names = 'content-type;host';
  const canonical = ['POST', '/', '', `content-type:${CONTENT_TYPE}\nhost:${host}\n`, names, sha256(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const signature = hmac(key, [ALGORITHM, timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    'content-type': CONTENT_TYPE,
    authorization: `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    'x-tc-action': action,
    'x-tc-version': version,
    'x-tc-region': region,
    'x-tc-timestamp': timestamp,
  };
}
