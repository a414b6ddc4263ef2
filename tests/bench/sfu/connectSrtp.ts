import { randomBytes } from 'node:crypto';
import {
  classes,
  DtlsClient,
  Message,
  methods,
  parseMessage,
  ProtectionProfileAeadAes128Gcm,
  RTCDtlsTransport,
} from 'werift';
import type { SrtpKeys } from './srtp.ts';
import type { Wire } from './Wire.ts';

interface IceCredentials {
  readonly usernameFragment: string;
  readonly password: string;
}

/** Where an SFU is reached. */
export interface IceRemote extends IceCredentials {
  readonly address: string;
  readonly port: number;
}

const CHECK_EVERY_MS = 50;
const CONNECT_WITHIN_MS = 15_000;
/** Type preference of a host candidate (RFC 8445 §5.1.2.2), as used for a check's PRIORITY. */
const PRIORITY = 1_853_824_767;
/** RFC 7983: the first byte tells STUN from DTLS. */
const isStun = (packet: Buffer): boolean => packet.readUInt8(0) < 4;
const isDtls = (packet: Buffer): boolean => packet.readUInt8(0) >= 20 && packet.readUInt8(0) <= 63;

/**
 * ICE, DTLS as the client, and the keys for SRTP. Only AES-128-GCM is offered, so that every SFU encrypts with the same.
 * ICE by hand: one pair on loopback needs no agent, and the socket stays ours.
 */
export async function connectSrtp(
  wire: Wire,
  own: IceCredentials,
  remote: IceRemote,
): Promise<{ readonly local: SrtpKeys; readonly remote: SrtpKeys }> {
  await wire.connect(remote.address, remote.port);
  const { privateKey, certPem, signatureHash } = await RTCDtlsTransport.SetupCertificate();
  const transport = {
    type: 'udp',
    address: { address: remote.address, family: 'IPv4', port: wire.port },
    closed: false,
    onData: (_data: Buffer, _from: readonly [string, number]): void => undefined,
    send: (data: Buffer): Promise<void> => {
      wire.send(data);
      return Promise.resolve();
    },
    close: (): Promise<void> => Promise.resolve(),
  };
  const dtls = new DtlsClient({
    cert: certPem,
    key: privateKey,
    signatureHash,
    transport,
    srtpProfiles: [ProtectionProfileAeadAes128Gcm],
    extendedMasterSecret: true,
  });
  // libnice makes its own check, ICE-lite or not, and takes a pair for nominated only after it: ours go on meanwhile.
  const stopChecks = startChecks(wire, own, remote);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no ICE or no DTLS with the SFU')), CONNECT_WITHIN_MS);
      dtls.onConnect.once(() => {
        clearTimeout(timer);
        resolve();
      });
      dtls.onError.once(reject);
      let reached = false;
      wire.listen((packet) => {
        if (isDtls(packet)) transport.onData(packet, [remote.address, remote.port]);
        else if (isStun(packet)) {
          const message = parseMessage(packet);
          if (message?.messageClass === classes.REQUEST) wire.send(answerCheck(message, own, remote));
          if (message?.messageClass !== classes.RESPONSE || reached) return;
          reached = true;
          dtls.connect().catch(reject);
        }
      });
    });
  } finally {
    stopChecks();
  }
  if (dtls.srtp.srtpProfile !== ProtectionProfileAeadAes128Gcm) throw new Error('the SFU did not take AES-128-GCM');
  const { localKey, localSalt, remoteKey, remoteSalt } = dtls.extractSessionKeys(16, 12);
  return { local: { key: localKey, salt: localSalt }, remote: { key: remoteKey, salt: remoteSalt } };
}

/** Binding requests that nominate, until the returned function is called. */
function startChecks(wire: Wire, own: IceCredentials, remote: IceRemote): () => void {
  const tieBreaker = randomBytes(8).readBigUInt64BE();
  const check = (): void => {
    const request = new Message(methods.BINDING, classes.REQUEST)
      .setAttribute('USERNAME', `${remote.usernameFragment}:${own.usernameFragment}`)
      .setAttribute('PRIORITY', PRIORITY)
      .setAttribute('ICE-CONTROLLING', tieBreaker)
      .setAttribute('USE-CANDIDATE', null);
    wire.send(request.addMessageIntegrity(Buffer.from(remote.password, 'utf8')).addFingerprint().bytes);
  };
  check();
  const timer = setInterval(check, CHECK_EVERY_MS);
  return () => clearInterval(timer);
}

const answerCheck = ({ transactionId }: Message, own: IceCredentials, { address, port }: IceRemote): Buffer =>
  new Message(methods.BINDING, classes.RESPONSE, transactionId)
    .setAttribute('XOR-MAPPED-ADDRESS', [address, port])
    .addMessageIntegrity(Buffer.from(own.password, 'utf8'))
    .addFingerprint().bytes;
