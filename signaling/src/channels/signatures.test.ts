import { expect, test } from 'vitest';
import { signAliyun } from './aliyunSignature.ts';
import { signTencent } from './tencentSignature.ts';

test("Alibaba Cloud's published example has the published signature", () => {
  const { url, headers } = signAliyun({
    host: 'ecs.cn-shanghai.aliyuncs.com',
    action: 'RunInstances',
    version: '2014-05-26',
    query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
    accessKeyId: 'YourAccessKeyId',
    accessKeySecret: 'YourAccessKeySecret',
    at: new Date('2023-10-26T10:22:32Z'),
    nonce: '3156853299f313e23d1673dc12e1703d',
  });
  expect(headers['authorization']).toBe(
    'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,' +
      'SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,' +
      'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  );
  expect(url).toContain('/?ImageId=win2019');
});

test('values are encoded by RFC 3986 before they are signed', () => {
  const { url } = signAliyun({
    host: 'dysmsapi.aliyuncs.com',
    action: 'SendSms',
    version: '2017-05-25',
    query: { SignName: "云医院 (a)*'" },
    accessKeyId: 'id',
    accessKeySecret: 'secret',
    at: new Date(0),
    nonce: 'n',
  });
  expect(url).toBe('https://dysmsapi.aliyuncs.com/?SignName=%E4%BA%91%E5%8C%BB%E9%99%A2%20%28a%29%2A%27');
});

test("Tencent Cloud's published request has the signature its own SDK gives", () => {
  const headers = signTencent({
    host: 'cvm.tencentcloudapi.com',
    service: 'cvm',
    action: 'DescribeInstances',
    version: '2017-03-12',
    region: 'ap-guangzhou',
    body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******',
    secretKey: 'Gu5t9xGARNpq86cd98joQYCN3*******',
    at: new Date(1_551_113_065_000),
  });
  expect(headers['authorization']).toBe(
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request, ' +
      'SignedHeaders=content-type;host, Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
  );
});
