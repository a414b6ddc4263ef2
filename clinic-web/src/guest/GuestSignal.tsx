import { SignalClient } from '@cloud-hospital/call';
import { SignalProvider } from '@cloud-hospital/call/react';
import { type ReactNode, useEffect, useState } from 'react';

/** A guest's socket, for as long as what is inside stands on the screen. */
export function GuestSignal({ children }: { readonly children: ReactNode }) {
  const [signal] = useState(() => new SignalClient({ face: 'guest' }));
  useEffect(() => {
    signal.connect();
    return () => signal.close();
  }, [signal]);
  return <SignalProvider signal={signal}>{children}</SignalProvider>;
}
