import { serverClock } from '@cloud-hospital/ui';
import { useState } from 'react';
import { CodeStep } from './CodeStep.tsx';
import { PhoneStep } from './PhoneStep.tsx';

/** Phone, then code; going back to the phone keeps it. */
export function SignInPage({ demo }: { readonly demo: boolean }) {
  const [phone, setPhone] = useState('');
  const [resendAt, setResendAt] = useState<number | null>(null);
  return resendAt === null ? (
    <PhoneStep
      initialPhone={phone}
      demo={demo}
      onSent={(sentTo, resendAfterMs) => {
        setPhone(sentTo);
        setResendAt(serverClock.now() + resendAfterMs);
      }}
    />
  ) : (
    <CodeStep
      phone={phone}
      demo={demo}
      resendAt={resendAt}
      onResent={(resendAfterMs) => setResendAt(serverClock.now() + resendAfterMs)}
      onBack={() => setResendAt(null)}
    />
  );
}
