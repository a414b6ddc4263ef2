import type { QueueEntryView } from '@cloud-hospital/protocol/rest';
import { useScreenFreeze } from '@cloud-hospital/call/exchange';
import { CallControls, CallStage, ShareButton, useCall, useFullScreen } from '@cloud-hospital/call/react';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { PhoneOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { HoldBanner } from '../people/HoldBanner.tsx';
import { PeopleControl } from '../people/PeopleControl.tsx';
import type { CallNext } from '../queue/useCallNext.ts';
import { StillControls } from '../stills/StillControls.tsx';
import { CallClock } from './CallClock.tsx';
import { DeviceSettings } from './DeviceSettings.tsx';
import { ElsewhereStage } from './ElsewhereStage.tsx';
import { RecordButton } from './RecordButton.tsx';
import { FinishDialog } from './FinishDialog.tsx';
import { WantedCameras } from './WantedCameras.tsx';
import { IdleStage } from './IdleStage.tsx';

export interface StageColumnProps {
  /** The entry that is called or served now. */
  readonly current: QueueEntryView | null;
  /** The head of the queue while its call is parked. */
  readonly parked: QueueEntryView | null;
  readonly callNext: CallNext;
}

/** The call. While the terminal rings the room is joined already, so that the answer is only a matter of rights. */
export function StageColumn({ current, parked, callNext }: StageColumnProps) {
  const { t } = useTranslation(['console', 'common', 'call']);
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const [finishing, setFinishing] = useState(false);
  /** The call of this encounter went to another window; it is not taken back without being asked. */
  const [elsewhere, setElsewhere] = useState<string | null>(null);
  // A call next that succeeded is joined at once, before the queue's news arrive.
  const pressed = callNext.isPending ? null : (callNext.data?.encounterId ?? null);
  const encounterId = current?.encounterId ?? null;
  /** Whose call stood here last: once it is over, the stage waits for nobody. */
  const [last, setLast] = useState(encounterId);
  if (encounterId !== null && encounterId !== last) setLast(encounterId);
  const joined = encounterId !== null && encounterId !== elsewhere ? encounterId : null;
  const call = useCall({
    encounterId: joined,
    role: 'specialist',
    autoStart: true,
    onEnded: (reason: CallEndReason) => {
      if (reason === 'attached-elsewhere') setElsewhere(encounterId);
      void queryClient.invalidateQueries({ queryKey: query.queue.mine.key() });
    },
  });
  const freeze = useScreenFreeze(joined, t('call:share.frozen'));
  const fullScreen = useFullScreen();
  const cancel = useMutation(
    query.queue.cancelCall.mutationOptions({
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.queue.mine.key() }),
    }),
  );

  if (current === null || encounterId === null) {
    return (
      <section className="c-stage" aria-label={t('title.doctor')}>
        <IdleStage
          calling={callNext.isPending || (pressed !== null && pressed !== last)}
          parked={parked?.patient.name ?? null}
        />
      </section>
    );
  }
  if (elsewhere === encounterId) {
    return <ElsewhereStage onTakeOver={() => setElsewhere(null)} />;
  }
  const ringing = current.state === 'called';
  return (
    <section
      className="c-stage"
      aria-label={t('title.doctor')}
      data-testid="stage"
      data-phase={call.state.phase}
      data-full={fullScreen.active}
    >
      <CallStage
        call={call}
        size="console"
        freeze={freeze}
        fullScreen={fullScreen}
        bindShortcuts={!ringing}
        phone={{ name: pick(current.clinic.name), number: current.clinic.phone }}
      >
        <div className="c-stage__who">
          <strong>{current.patient.name}</strong>
          <span>{current.readiness.byPhone ? t('queue.byPhone') : pick(current.clinic.name)}</span>
          {ringing ? null : <CallClock encounterId={encounterId} />}
        </div>
        {ringing ? (
          <div className="c-stage__ringing" role="status" data-testid="ringing">
            <p>{t(current.readiness.byPhone ? 'stage.ringingAdvicePhone' : 'stage.ringingAdvice')}</p>
            <Button loading={cancel.isPending} onClick={() => cancel.mutate({ queueEntryId: current.queueEntryId })}>
              {t('stage.cancelCall')}
            </Button>
          </div>
        ) : null}
      </CallStage>
      <HoldBanner call={call} decides />
      {ringing ? null : (
        <div className="c-stage__bar">
          <CallControls
            call={call}
            size="compact"
            bindShortcuts
            shortcuts={{ microphone: 'M', camera: 'V' }}
            hangUpLabel={t('stage.finish')}
            onHangUp={() => setFinishing(true)}
            before={<WantedCameras call={call} />}
            after={
              <>
                <StillControls encounterId={encounterId} byPhone={current.readiness.byPhone} />
                <ShareButton call={call} size="compact" shortcut="D" />
                <PeopleControl call={call} encounterId={encounterId} decides byPhone={current.readiness.byPhone} />
                <RecordButton call={call} encounterId={encounterId} />
                <DeviceSettings call={call} />
              </>
            }
          />
        </div>
      )}
      <FinishDialog encounterId={encounterId} open={finishing} onClose={() => setFinishing(false)} />
      {call.state.phase === 'ended' && !ringing ? (
        <div className="c-stage__ended">
          <p>{t('stage.ended')}</p>
          <Button icon={<PhoneOff className="ch-icon" aria-hidden />} onClick={() => setFinishing(true)}>
            {t('stage.finish')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
