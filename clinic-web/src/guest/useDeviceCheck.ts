import { useEffect, useState } from 'react';

/** `both`: camera and microphone; `audio`: microphone alone. */
type State = 'starting' | 'both' | 'audio' | 'denied' | 'missing' | 'insecure';
interface Check {
  readonly state: State;
  readonly stream: MediaStream | null;
}

async function open(): Promise<Check> {
  // Browsers hide it on plain http; the type doesn't know that.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) return { state: 'insecure', stream: null };
  try {
    return { state: 'both', stream: await devices.getUserMedia({ audio: true, video: { facingMode: 'user' } }) };
  } catch (error) {
    if (isDenied(error)) return { state: 'denied', stream: null };
  }
  try {
    return { state: 'audio', stream: await devices.getUserMedia({ audio: true }) };
  } catch (error) {
    return { state: isDenied(error) ? 'denied' : 'missing', stream: null };
  }
}

const isDenied = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotAllowedError';
const stop = ({ stream }: Check): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};

/** Holds camera and microphone while the component is mounted, so that the person sees themselves first. */
export function useDeviceCheck(): Check & { readonly retry: () => void } {
  const [check, setCheck] = useState<Check>({ state: 'starting', stream: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isOver = false;
    const opening = open();
    opening.then((opened) => {
      if (!isOver) setCheck(opened);
    }, reportError);
    return () => {
      isOver = true;
      opening.then(stop, reportError);
    };
  }, [attempt]);
  return { ...check, retry: () => setAttempt((before) => before + 1) };
}
