import { localDateOf, serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

/** Whether this terminal hasn't been tested today; never asked twice in one page, never at a desk. */
export function useTestDue(isTerminal: boolean): [boolean, () => void] {
  const { query } = useApi();
  const terminal = useQuery(query.terminals.self.queryOptions({ enabled: isTerminal, staleTime: 60_000 }));
  const [done, setDone] = useState(false);
  if (!isTerminal || done || terminal.data === undefined) return [false, () => setDone(true)];
  const testedAt = terminal.data.selfTest?.testedAt;
  const isToday = testedAt !== undefined && localDateOf(testedAt) === localDateOf(serverClock.now());
  return [!isToday, () => setDone(true)];
}
