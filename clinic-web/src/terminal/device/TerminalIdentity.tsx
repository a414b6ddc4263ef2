import type { AppError, DeviceId, ErrorCode } from '@cloud-hospital/protocol';
import type { SessionState } from '@cloud-hospital/protocol/rest';
import { type ApiClient, isOutcomeUnknown, toAppError, useApi } from '@cloud-hospital/ui/api';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { canHoldKey, forgetDeviceKey, loadDeviceKey, makeKeyPair, saveDeviceKey, signChallenge } from './deviceKey.ts';

/** `desk`: a browser without a device key, that checks people in and holds no calls. */
export type IdentityState =
  | { readonly status: 'starting' }
  | { readonly status: 'unreachable'; readonly error: AppError }
  | { readonly status: 'unenrolled' }
  | { readonly status: 'desk' }
  | { readonly status: 'revoked' }
  | { readonly status: 'enrolled'; readonly deviceId: DeviceId };

export interface TerminalIdentity {
  readonly state: IdentityState;
  /** @throws AppError ENROLMENT_CODE_INVALID and others of `terminals.enrol` */
  readonly enrol: (code: string) => Promise<void>;
  /** Signs in anew with the key there is; also after the server ended the device's session. */
  readonly restart: () => void;
  readonly chooseDesk: () => void;
  /** Gives the old key or the desk mode up, and asks for a code. */
  readonly startEnrolment: () => Promise<void>;
}

/** Remembered on this browser, so that a desk isn't asked for a code every morning. */
const DESK_KEY = 'ch.terminal.desk';
const RETRY_MS = 3000;

/** The server knows the device no more, or knows it as revoked. */
const NO_LONGER_ENROLLED: ReadonlySet<ErrorCode> = new Set(['SIGN_IN_FAILED', 'FORBIDDEN', 'NOT_FOUND']);

/** Proves with the device's key who this is. @returns null when this browser holds no key. @throws AppError */
async function signInDevice(client: ApiClient): Promise<{ deviceId: DeviceId; state: SessionState } | null> {
  const key = await loadDeviceKey();
  if (key === null) return null;
  const { deviceId } = key;
  const { challenge } = await client.terminals.challenge({ deviceId });
  const signature = await signChallenge(key, challenge);
  return { deviceId, state: await client.terminals.signIn({ deviceId, challenge, signature }) };
}

const IdentityContext = createContext<TerminalIdentity | null>(null);

export function useTerminalIdentity(): TerminalIdentity {
  const identity = useContext(IdentityContext);
  if (identity === null) throw new TypeError('useTerminalIdentity outside of <TerminalIdentityProvider>');
  return identity;
}

/** Knows which terminal this browser is, and opens the device's session at each start. */
export function TerminalIdentityProvider({ children }: { readonly children: ReactNode }) {
  const { client, query } = useApi();
  const queryClient = useQueryClient();
  const [state, setState] = useState<IdentityState>({ status: 'starting' });
  const [attempt, setAttempt] = useState(0);

  const start = useCallback(async (): Promise<IdentityState> => {
    const withoutKey = localStorage.getItem(DESK_KEY) === null && canHoldKey() ? 'unenrolled' : 'desk';
    if (!canHoldKey()) return { status: withoutKey };
    try {
      const signedIn = await signInDevice(client);
      if (signedIn === null) return { status: withoutKey };
      queryClient.setQueryData(query.session.read.queryKey(), signedIn.state);
      return { status: 'enrolled', deviceId: signedIn.deviceId };
    } catch (error) {
      const appError = toAppError(error);
      if (NO_LONGER_ENROLLED.has(appError.code)) return { status: 'revoked' };
      return { status: 'unreachable', error: appError };
    }
  }, [client, query, queryClient]);

  useEffect(() => {
    let overtaken = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    start().then((next) => {
      if (overtaken) return;
      setState(next);
      if (next.status !== 'unreachable' || !isRetryable(next.error)) return;
      timer = setTimeout(() => setAttempt((before) => before + 1), RETRY_MS);
    }, reportError);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [start, attempt]);

  const identity = useMemo<TerminalIdentity>(() => {
    const restart = () => setAttempt((before) => before + 1);
    return {
      state,
      restart,
      enrol: async (code) => {
        const { privateKey, publicKey } = await makeKeyPair();
        const { deviceId } = await client.terminals.enrol({ code, publicKey });
        await saveDeviceKey({ deviceId, privateKey });
        localStorage.removeItem(DESK_KEY);
        setState({ status: 'starting' });
        restart();
      },
      chooseDesk: () => {
        localStorage.setItem(DESK_KEY, 'true');
        setState({ status: 'desk' });
      },
      startEnrolment: async () => {
        localStorage.removeItem(DESK_KEY);
        if (canHoldKey()) await forgetDeviceKey();
        setState({ status: 'unenrolled' });
      },
    };
  }, [client, state]);
  return <IdentityContext value={identity}>{children}</IdentityContext>;
}

const isRetryable = (error: AppError): boolean => isOutcomeUnknown(error) || error.code === 'RATE_LIMITED';
