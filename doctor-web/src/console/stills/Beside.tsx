import { useExchangeNews } from '@cloud-hospital/call/exchange';
import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

export interface Beside {
  /** Whose pictures and messages; null: the pane is away. */
  readonly encounterId: EncounterId | null;
  readonly picture: AttachmentId | null;
  /** In somebody else's consultation: pictures are looked at, not drawn on. */
  readonly readOnly: boolean;
  readonly showPicture: (encounterId: EncounterId, attachmentId: AttachmentId) => void;
  readonly showMessages: (encounterId: EncounterId) => void;
  readonly close: () => void;
}

const BesideContext = createContext<Beside | null>(null);

interface Shown {
  readonly encounterId: EncounterId;
  readonly picture: AttachmentId | null;
}

/** What the pane below the call shows: asked for from the call, from the record, or by a picture that arrived. */
export function BesideProvider({ readOnly, children }: { readonly readOnly: boolean; readonly children: ReactNode }) {
  useExchangeNews();
  const [shown, setShown] = useState<Shown | null>(null);
  const beside = useMemo<Beside>(
    () => ({
      encounterId: shown?.encounterId ?? null,
      picture: shown?.picture ?? null,
      readOnly,
      showPicture: (encounterId, picture) => setShown({ encounterId, picture }),
      showMessages: (encounterId) => setShown({ encounterId, picture: null }),
      close: () => setShown(null),
    }),
    [shown, readOnly],
  );
  return <BesideContext value={beside}>{children}</BesideContext>;
}

/** @throws Error outside a BesideProvider */
export function useBeside(): Beside {
  const beside = useContext(BesideContext);
  if (beside === null) throw new Error('BesideProvider is missing');
  return beside;
}
