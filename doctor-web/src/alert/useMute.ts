import { useState } from 'react';

const KEY = 'console.alerts.muted';

/** Whether this browser keeps silent about arrivals; remembered, and always shown beside the queue. */
export function useMute(): readonly [boolean, (muted: boolean) => void] {
  const [muted, setMuted] = useState(() => localStorage.getItem(KEY) === '1');
  const change = (next: boolean): void => {
    setMuted(next);
    localStorage.setItem(KEY, next ? '1' : '0');
  };
  return [muted, change];
}
