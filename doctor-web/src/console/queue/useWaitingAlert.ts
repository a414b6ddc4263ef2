import type { QueueEntryView, QueueView } from '@cloud-hospital/protocol/rest';
import { useState } from 'react';
import { useDesktopNotification } from '../../alert/useDesktopNotification.ts';
import { useMute } from '../../alert/useMute.ts';
import { useRepeatedChime } from '../../alert/useRepeatedChime.ts';

export interface WaitingAlert {
  /** Arrivals nobody has acknowledged; the newest last. */
  readonly arrivals: readonly QueueEntryView[];
  readonly acknowledge: () => void;
  readonly muted: boolean;
  readonly setMuted: (muted: boolean) => void;
  /** Asks for desktop notifications; null where that was answered, or can't be asked. */
  readonly askPermission: (() => void) | null;
}

/**
 * Tells the specialist about people who came to wait, repeatedly, until acknowledged, and never during a call.
 * @param audible false while the specialist is in a call
 * @param describe what the desktop notification says; a ticket and a clinic, since anybody may see the screen
 */
export function useWaitingAlert(
  queue: QueueView | undefined,
  audible: boolean,
  describe: (entry: QueueEntryView) => string,
): WaitingAlert {
  const [known, setKnown] = useState<ReadonlySet<string> | null>(null);
  const [muted, setMuted] = useMute();
  const waiting = queue?.entries.filter((entry) => entry.state === 'waiting') ?? [];

  // Whoever waits when the page opens is on the list anyway.
  if (queue !== undefined && known === null) setKnown(new Set(waiting.map((entry) => entry.queueEntryId)));
  const arrivals =
    known === null
      ? []
      : waiting
          .filter((entry) => !known.has(entry.queueEntryId))
          .toSorted((left, right) => Date.parse(left.checkedInAt) - Date.parse(right.checkedInAt));
  const acknowledge = (): void => {
    setKnown((before) => new Set([...(before ?? []), ...arrivals.map((entry) => entry.queueEntryId)]));
  };

  const newest = arrivals.at(-1);
  useRepeatedChime(newest !== undefined && audible && !muted, newest?.queueEntryId);
  const askPermission = useDesktopNotification(newest === undefined || muted ? null : describe(newest), 'waiting');

  return { arrivals, acknowledge, muted, setMuted, askPermission };
}
