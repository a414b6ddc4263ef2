import { useNotification } from '@cloud-hospital/call/react';
import type { EncounterId } from '@cloud-hospital/protocol';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Long enough to be read aloud to the resident. Milliseconds. */
const SHOWN_MS = 20_000;

/** Says who goes on with the consultation, when it was handed over. */
export function TransferNote({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('callPeople');
  const [name, setName] = useState<string | null>(null);
  useNotification('call:transferred', (transferred) => {
    if (transferred.encounterId === encounterId) setName(transferred.specialistName);
  });
  useEffect(() => {
    if (name === null) return undefined;
    const timer = setTimeout(() => setName(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [name]);
  return (
    <p className="t-call__wanted" role="status" data-testid="transfer-note">
      {name === null ? '' : t('transferred', { name })}
    </p>
  );
}
