import { OwnSignal, useNotification, useReconnected } from '@cloud-hospital/call/react';
import { useApi } from '@cloud-hospital/ui/api';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** The page's one socket, and what its news make stale whatever is on the screen. */
export function LiveProvider({ children }: { children: ReactNode }) {
  return (
    <OwnSignal face="console">
      <SessionNews />
      {children}
    </OwnSignal>
  );
}

function SessionNews() {
  const { query } = useApi();
  const queryClient = useQueryClient();
  useNotification('session:ended', () => {
    void queryClient.invalidateQueries({ queryKey: query.session.read.queryKey() });
  });
  // Whatever was said while the socket was away was missed.
  useReconnected(() => {
    void queryClient.invalidateQueries();
  });
  return null;
}
