import { DeviceId } from '@cloud-hospital/protocol';
import { type PublicKeyJwk, terminalChallengeText } from '@cloud-hospital/protocol/rest';

/**
 * What makes this browser that terminal: the private half can sign, and can't be read out, by anybody. It lives in
 * IndexedDB because only there can a browser keep a key object as it is.
 */
export interface DeviceKey {
  readonly deviceId: DeviceId;
  readonly privateKey: CryptoKey;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const DATABASE = 'ch-terminal';
const STORE = 'device';
const RECORD = 'current';

/** Keys need a secure context: https, or this machine itself. */
export const canHoldKey = (): boolean => window.isSecureContext && 'indexedDB' in window;

/** @throws DOMException of IndexedDB */
function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new DOMException('IndexedDB', 'UnknownError')));
  });
}

async function withStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
  const database = await settled(opening);
  try {
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

export async function loadDeviceKey(): Promise<DeviceKey | null> {
  const record: unknown = await withStore('readonly', (store) => store.get(RECORD) as IDBRequest<unknown>);
  if (typeof record !== 'object' || record === null || !('deviceId' in record) || !('privateKey' in record))
    return null;
  const deviceId = DeviceId.safeParse(record.deviceId);
  return deviceId.success && record.privateKey instanceof CryptoKey
    ? { deviceId: deviceId.data, privateKey: record.privateKey }
    : null;
}

export async function saveDeviceKey(key: DeviceKey): Promise<void> {
  await withStore('readwrite', (store) => store.put(key, RECORD));
}

export async function forgetDeviceKey(): Promise<void> {
  await withStore('readwrite', (store) => store.delete(RECORD));
}

/** A new key pair; only its public half can ever be exported. */
export async function makeKeyPair(): Promise<{ privateKey: CryptoKey; publicKey: PublicKeyJwk }> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  if (x === undefined || y === undefined) throw new TypeError('an EC public key has x and y');
  return { privateKey: pair.privateKey, publicKey: { kty: 'EC', crv: 'P-256', x, y } };
}

const toBase64Url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** Signs the server's challenge; WebCrypto's form of an ECDSA signature is IEEE P1363, as the contract wants it. */
export async function signChallenge({ deviceId, privateKey }: DeviceKey, challenge: string): Promise<string> {
  const text = new TextEncoder().encode(terminalChallengeText(deviceId, challenge));
  return toBase64Url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, text));
}
