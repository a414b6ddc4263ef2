import { createServer } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { AliyunSms } from './AliyunSms.ts';
import type { OutgoingMessage } from './Channel.ts';
import { createChannels } from './createChannels.ts';
import { SmtpMail } from './SmtpMail.ts';
import { compose } from './templates.ts';
import { TencentSms } from './TencentSms.ts';

const params = { code: '246810', minutes: '10' };
const message: OutgoingMessage = {
  communicationId: '3f0c6a0e-8a9b-4a53-9d0c-5a0f6f1f0001',
  phone: '19000000001',
  kind: 'login-code',
  params,
  text: compose('login-code', params),
};

/** A carrier's end of `fetch`: remembers what came and answers what it is told to. */
function carrier(answer: unknown): { fetch: typeof fetch; requests: Request[] } {
  const requests: Request[] = [];
  return {
    requests,
    fetch: (input, init) => {
      requests.push(new Request(input, init));
      return Promise.resolve(Response.json(answer));
    },
  };
}

const aliyun = {
  accessKeyId: 'id',
  accessKeySecret: 'secret',
  signName: '云医院',
  templates: { 'login-code': 'SMS_1' },
};
const tencent = {
  secretId: 'id',
  secretKey: 'secret',
  appId: '1400',
  signName: '云医院',
  templates: { 'login-code': '77' },
};

test('Alibaba Cloud gets phone, registered template and its values, signed', async () => {
  const { fetch, requests } = carrier({ Code: 'OK' });
  await AliyunSms.create(aliyun, fetch).send(message);
  const url = new URL(requests[0]?.url ?? '');
  expect(url.host).toBe('dysmsapi.aliyuncs.com');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    PhoneNumbers: '19000000001',
    SignName: '云医院',
    TemplateCode: 'SMS_1',
    TemplateParam: JSON.stringify(params),
    OutId: message.communicationId,
  });
  expect(requests[0]?.headers.get('authorization')).toMatch(
    /^ACS3-HMAC-SHA256 Credential=id,.*Signature=[0-9a-f]{64}$/,
  );
});

test('Tencent Cloud gets the values in the order of the text, signed', async () => {
  const { fetch, requests } = carrier({ Response: { SendStatusSet: [{ Code: 'Ok' }] } });
  await TencentSms.create(tencent, fetch).send(message);
  expect(await requests[0]?.json()).toMatchObject({
    PhoneNumberSet: ['+8619000000001'],
    TemplateId: '77',
    TemplateParamSet: ['246810', '10'],
  });
  expect(requests[0]?.headers.get('x-tc-action')).toBe('SendSms');
});

test("a carrier's refusal is an error that names neither phone nor code, and a kind without template is one too", async () => {
  const aliyunSays = carrier({ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '19000000001 too often' });
  await expect(AliyunSms.create(aliyun, aliyunSays.fetch).send(message)).rejects.toThrow(
    /^refused: isv\.BUSINESS_LIMIT_CONTROL$/,
  );
  const tencentSays = carrier({ Response: { Error: { Code: 'AuthFailure', Message: '246810' } } });
  await expect(TencentSms.create(tencent, tencentSays.fetch).send(message)).rejects.toThrow(/^refused: AuthFailure$/);
  const failed = carrier({ Response: { SendStatusSet: [{ Code: 'FailedOperation.PhoneNumberInBlacklist' }] } });
  await expect(TencentSms.create(tencent, failed.fetch).send(message)).rejects.toThrow(/Blacklist$/);
  await expect(AliyunSms.create(aliyun, aliyunSays.fetch).send({ ...message, kind: 'report-ready' })).rejects.toThrow(
    'no template',
  );
});

test('a mail server gets one message to the address of the phone, readable as UTF-8', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.write('220 ready\r\n');
    createInterface({ input: socket }).on('line', (line) => {
      heard.push(line);
      if (inData) {
        if (line === '.') {
          inData = false;
          socket.write('250 queued\r\n');
        }
      } else if (line.startsWith('EHLO')) socket.write('250-hello\r\n250 8BITMIME\r\n');
      else if (line === 'DATA') {
        inData = true;
        socket.write('354 go on\r\n');
      } else if (line === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    const settings = { host: '127.0.0.1', port, security: 'none', from: 'a@b.cn', recipient: '{phone}@sms.example.cn' };
    await SmtpMail.create(settings).send(message);
    expect(heard).toContain('RCPT TO:<19000000001@sms.example.cn>');
    const body = heard.slice(heard.indexOf('') + 1, heard.indexOf('.')).join('');
    expect(Buffer.from(body, 'base64').toString('utf8')).toBe(message.text);
  } finally {
    server.close();
  }
});

test('a password never goes over a plain connection, and a server that refuses is an error', async () => {
  const settings = {
    host: '127.0.0.1',
    port: 1,
    security: 'none',
    from: 'a@b.cn',
    recipient: '{phone}@sms.example.cn',
  };
  expect(() => SmtpMail.create({ ...settings, user: 'u', password: 'p' })).toThrow('TLS only');
  await expect(SmtpMail.create(settings).send(message)).rejects.toThrow('ECONNREFUSED');
});

test('a channel that is unknown or lacks its settings stops the start with its name', async () => {
  const log = pino({ level: 'silent' });
  const secrets = {
    sessionSecret: '',
    linkSecret: '',
    fileKey: '',
    identityKey: '',
    auditSigningKey: '',
    reportSigningKey: '',
    turnSecret: '',
    channels: {},
  };
  await expect(createChannels({ CHANNELS: 'pigeon', DEMO_DISTRICT: true, secrets }, log)).rejects.toThrow('"pigeon"');
  await expect(createChannels({ CHANNELS: 'aliyun-sms', DEMO_DISTRICT: true, secrets }, log)).rejects.toThrow(
    '"aliyun-sms"',
  );
});
