import { useEffect, useState } from 'react';
import { serverClock } from './time.ts';

/**
 * The server's time in milliseconds, rendered anew every `everyMs`, and at once when the page is looked at again
 * (timers of a locked phone stand still).
 */
export function useServerNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => serverClock.now());
  useEffect(() => {
    const tick = () => setNow(serverClock.now());
    const timer = setInterval(tick, everyMs);
    document.addEventListener('visibilitychange', tick);
    tick();
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [everyMs]);
  return now;
}
