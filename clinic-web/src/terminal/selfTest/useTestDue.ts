import { localDateOf, serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

/** Whether this terminal hasn't been tested today; never asked twice in one page, never at a desk. */
export function useTestDue(isTerminal: boolean): [boolean, () => void] {
  const { query } = useApi();
  const terminal = useQuery(query.terminals.self.queryOptions({ enabled: isTerminal, staleTime: 60_000 }));
  // Decided once: the test that was just reported must not take its own verdict off the screen.
  const [isDue, setIsDue] = useState<boolean | null>(null);
  if (isDue === null && terminal.data !== undefined) {
    const testedAt = terminal.data.selfTest?.testedAt;
    setIsDue(testedAt === undefined || localDateOf(testedAt) !== localDateOf(serverClock.now()));
  }
  return [isTerminal && isDue === true, () => setIsDue(false)];
}
