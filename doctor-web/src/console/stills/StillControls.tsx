import { CallControlButton } from '@cloud-hospital/call/react';
import { useExchange } from '@cloud-hospital/call/exchange';
import type { AttachmentId, EncounterId, StillRequestId } from '@cloud-hospital/protocol';
import type { Exchange, StillRequest } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { Camera } from 'lucide-react';
import { useCallback, useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { useShortcut } from '../useShortcut.ts';
import { useBeside } from './Beside.tsx';
import { MessagesControl } from './MessagesControl.tsx';

interface StillControlsProps {
  readonly encounterId: EncounterId;
  /** The resident's own phone takes them, no terminal. */
  readonly byPhone: boolean;
}

/** Asks for a still with one key, shows how far it is, and opens it when it is there; opens the messages. */
export function StillControls({ encounterId, byPhone }: StillControlsProps) {
  const { t } = useTranslation('exchange');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const exchange = useExchange(encounterId);
  useArrivals(encounterId, exchange.data);
  useRefusals(exchange.data?.stillRequest ?? null, byPhone);
  const ask = useMutation(
    query.exchange.requestStill.mutationOptions({
      onError: showError,
      onSuccess: (stillRequest) => {
        queryClient.setQueryData(query.exchange.get.queryKey({ input: { encounterId } }), (known) =>
          known === undefined ? known : { ...known, stillRequest },
        );
      },
    }),
  );
  const { mutate, isPending } = ask;
  const press = useCallback(() => {
    if (!isPending) mutate({ encounterId });
  }, [mutate, isPending, encounterId]);
  useShortcut('KeyS', press);
  const status = stillStatus(exchange.data);
  return (
    <>
      <CallControlButton
        size="compact"
        icon={Camera}
        label={
          status === null
            ? t('still.take')
            : status.kind === 'arriving'
              ? t('still.arriving', { percent: status.percent })
              : t(byPhone ? 'still.askedPhone' : 'still.asked')
        }
        shortcut="S"
        disabled={isPending}
        onPress={press}
      />
      <MessagesControl encounterId={encounterId} />
    </>
  );
}

type StillStatus = { readonly kind: 'asked' } | { readonly kind: 'arriving'; readonly percent: number };

/** Where the newest still is; null once it is there, or when none was asked for. */
function stillStatus(exchange: Exchange | undefined): StillStatus | null {
  const arriving = exchange?.attachments.findLast(({ kind, status }) => kind === 'still' && status === 'in-progress');
  if (arriving !== undefined) {
    return { kind: 'arriving', percent: Math.floor((100 * arriving.receivedBytes) / arriving.bytes) };
  }
  return exchange?.stillRequest?.status === 'requested' ? { kind: 'asked' } : null;
}

/** Says in a corner that there will be no picture, once. */
function useRefusals(request: StillRequest | null, byPhone: boolean): void {
  const { t } = useTranslation('exchange');
  const { notification } = App.useApp();
  const waitedFor = useRef<StillRequestId | null>(null);
  const say = useEffectEvent((status: 'discarded' | 'failed') =>
    notification.info({
      title: t(byPhone ? `still.${status}Phone` : `still.${status}`),
      placement: 'bottomLeft',
      key: 'still',
    }),
  );
  useEffect(() => {
    if (request === null) return;
    const { status, stillRequestId } = request;
    if (status === 'requested') waitedFor.current = stillRequestId;
    else if (status !== 'taken' && waitedFor.current === stillRequestId) {
      waitedFor.current = null;
      say(status);
    }
  }, [request]);
}

/** A still that becomes complete while the page looks at the call is opened. */
function useArrivals(encounterId: EncounterId, exchange: Exchange | undefined): void {
  const { showPicture } = useBeside();
  const known = useRef<ReadonlySet<AttachmentId> | null>(null);
  const arrived = useEffectEvent((attachmentId: AttachmentId) => {
    // A message being written stays; the picture's tab is there to be pressed.
    if (document.activeElement?.matches('.ch-chat textarea') !== true) showPicture(encounterId, attachmentId);
  });
  useEffect(() => {
    if (exchange === undefined) return;
    const stills = exchange.attachments.filter(({ kind, status }) => kind === 'still' && status === 'completed');
    const fresh = stills.findLast(({ attachmentId }) => known.current?.has(attachmentId) === false);
    known.current = new Set(stills.map(({ attachmentId }) => attachmentId));
    if (fresh !== undefined) arrived(fresh.attachmentId);
  }, [exchange]);
}
