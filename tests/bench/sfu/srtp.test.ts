import { randomBytes } from 'node:crypto';
import { ProtectionProfileAeadAes128Gcm, RtpHeader, SrtpSession } from 'werift';
import { expect, test } from 'vitest';
import { SrtpReceiver, SrtpSender } from './srtp.ts';

const keys = () => ({ key: randomBytes(16), salt: randomBytes(12) });

/** werift's end of the connection whose two directions have these keys. */
const weriftSession = (local: ReturnType<typeof keys>, remote: ReturnType<typeof keys>) =>
  new SrtpSession({
    keys: {
      localMasterKey: local.key,
      localMasterSalt: local.salt,
      remoteMasterKey: remote.key,
      remoteMasterSalt: remote.salt,
    },
    profile: ProtectionProfileAeadAes128Gcm,
  });

const header = (sequenceNumber: number) =>
  new RtpHeader({
    payloadType: 96,
    sequenceNumber,
    ssrc: 4_242_424_242,
    timestamp: 90_000,
    marker: true,
    extension: true,
    extensionProfile: 0xbede,
    extensions: [{ id: 3, payload: Buffer.from([0, 7]) }],
  });

/** Across the roll-over of the sequence number, where a wrong counter shows. */
const SEQUENCES = [65_533, 65_534, 65_535, 0, 1];

test('what the generator sends, another implementation reads', () => {
  const [ours, theirs] = [keys(), keys()];
  const sender = new SrtpSender(ours);
  const reader = weriftSession(theirs, ours);
  for (const sequence of SEQUENCES) {
    const payload = randomBytes(1_100);
    const plain = header(sequence).serialize(header(sequence).serializeSize);
    const decrypted = reader.decrypt(sender.protect(plain, payload));
    expect(decrypted).toEqual(Buffer.concat([plain, payload]));
  }
});

test('what another implementation sends, the probe reads, and nothing that was changed', () => {
  const [ours, theirs] = [keys(), keys()];
  const writer = weriftSession(theirs, ours);
  const reader = new SrtpReceiver(theirs);
  for (const sequence of SEQUENCES) {
    const payload = randomBytes(1_100);
    const packet = writer.encrypt(payload, header(sequence));
    expect(reader.unprotect(packet)).toEqual(payload);
  }
  const changed = writer.encrypt(randomBytes(100), header(2));
  changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
  expect(() => reader.unprotect(changed)).toThrow('unable to authenticate data');
});
