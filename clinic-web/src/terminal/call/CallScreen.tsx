import {
  CallControlButton,
  CallControls,
  CallStage,
  ShareButton,
  StageTool,
  useFullScreen,
  CameraChoice,
  DevicePicker,
  ownCameras,
  RingingScreen,
} from '@cloud-hospital/call/react';
import type { CallState } from '@cloud-hospital/call';
import { ExchangeButtons, useCallExchange, useScreenFreeze } from '@cloud-hospital/call/exchange';
import { formatCountdown, useServerNow } from '@cloud-hospital/ui';
import { usePick } from '@cloud-hospital/ui/i18n';
import { LifeBuoy, Settings2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../controls/Dialog.tsx';
import { HelpDialog } from '../layout/HelpDialog.tsx';
import { ExchangeOverlay } from '../stills/ExchangeOverlay.tsx';
import { CallPeopleDialog } from './CallPeopleDialog.tsx';
import { TransferNote } from './TransferNote.tsx';
import { RecordingControl } from './RecordingControl.tsx';
import { CallEnded } from './CallEnded.tsx';
import type { TerminalCall } from './useTerminalCall.ts';

/**
 * Whether the call covers the page: it rings, is on, or has just ended. Not while it is only prepared.
 * @param wasLive it rang or was on here; the end of a call that was only prepared is nobody's concern
 */
export function coversPage({ call, incoming }: TerminalCall, wasLive: boolean): boolean {
  const { phase, endReason } = call.state;
  if (phase === 'ended') return wasLive || endReason === 'attached-elsewhere';
  return phase === 'ringing' ? incoming !== null : phase !== 'idle';
}

/** Over everything: ringing, the call, its end. */
export function CallScreen({ terminalCall }: { readonly terminalCall: TerminalCall }) {
  const { call, incoming } = terminalCall;
  const { phase, endReason } = call.state;
  if (phase === 'ended') return <CallEnded terminalCall={terminalCall} reason={endReason ?? 'hung-up'} />;
  if (phase === 'ringing') {
    return incoming === null ? null : (
      <div className="t-call" data-testid="ringing" data-encounter-id={incoming.encounterId}>
        <RingingScreen call={call} incoming={incoming} voice />
      </div>
    );
  }
  return <InCall terminalCall={terminalCall} />;
}

/** The specialist fills the screen; below it five large controls and nothing else. */
function InCall({ terminalCall }: { readonly terminalCall: TerminalCall }) {
  const { t } = useTranslation(['terminal', 'call', 'callPeople']);
  const [dialog, setDialog] = useState<'help' | 'hang-up' | 'people' | 'devices' | null>(null);
  const { call, item, encounterId } = terminalCall;
  const exchange = useCallExchange(encounterId, call, 'clinic');
  const freeze = useScreenFreeze(encounterId, t('call:share.frozen'));
  const fullScreen = useFullScreen();
  const pick = usePick();
  const specialist = item?.specialist ?? undefined;
  const close = () => setDialog(null);
  return (
    <section
      className="t-call"
      aria-label={t('call.title')}
      data-testid="call"
      data-encounter-id={encounterId}
      data-phase={call.state.phase}
    >
      <CallStage
        call={call}
        size="terminal"
        freeze={freeze}
        fullScreen={fullScreen}
        tools={<StageTool icon={Settings2} label={t('call:device.title')} onPress={() => setDialog('devices')} />}
        phone={specialist && { name: pick(specialist.hospital.name), number: specialist.hospitalPhone }}
      >
        <p className="t-call__who">
          {item === undefined ? null : <span>{t('call.patient', { ticket: item.ticketNumber })}</span>}
          <CallClock answeredAt={call.state.answeredAt} />
        </p>
        <RecordingControl encounterId={encounterId} recording={call.state.recording} />
        <button
          type="button"
          className="t-call__invite"
          onClick={() => setDialog('people')}
          data-testid="call-people-open"
        >
          <UserPlus className="ch-icon" aria-hidden />
          {t('callPeople:terminalInvite')}
        </button>
        <ExchangeOverlay exchange={exchange} />
        <WantedNote state={call.state} />
        <TransferNote encounterId={encounterId} />
      </CallStage>
      <CallControls
        call={call}
        size="large"
        onHangUp={() => setDialog('hang-up')}
        before={
          call.state.hasExamination ? (
            <CameraChoice
              size="large"
              chosen={ownCameras(call.state)}
              onChoose={(choice) => void call.actions.setCameras(choice)}
            />
          ) : null
        }
        after={
          <>
            <ExchangeButtons exchange={exchange} />
            <ShareButton call={call} size="large" />
            <CallControlButton icon={LifeBuoy} label={t('call.help')} onPress={() => setDialog('help')} size="large" />
          </>
        }
      />
      {dialog === 'people' ? <CallPeopleDialog call={call} encounterId={encounterId} onClose={close} /> : null}
      {dialog === 'devices' ? (
        <Dialog title={t('call:device.title')} onClose={close} testId="devices-dialog">
          <DevicePicker call={call} compact />
        </Dialog>
      ) : null}
      {dialog === 'help' ? <HelpDialog onClose={close} /> : null}
      {dialog === 'hang-up' ? (
        <Dialog title={t('call.hangUpTitle')} onClose={close} testId="hang-up-dialog">
          <p>{t('call.hangUpBody')}</p>
          <div className="t-dialog__actions">
            <button type="button" className="t-secondary" onClick={close} data-testid="hang-up-stay">
              {t('call.hangUpStay')}
            </button>
            <button
              type="button"
              className="t-primary t-primary--danger"
              onClick={() => {
                close();
                // The screen is right at once; a server that can't be told notices by itself.
                call.actions.hangUp().catch(reportError);
              }}
              data-testid="hang-up-confirm"
            >
              {t('call.hangUpSure')}
            </button>
          </div>
        </Dialog>
      ) : null}
    </section>
  );
}

/** Why the picture is another than before: the specialist asked for it. */
function WantedNote({ state }: { readonly state: CallState }) {
  const { t } = useTranslation('call');
  const { camerasWanted } = state;
  const isShown = camerasWanted !== null && camerasWanted !== 'face' && camerasWanted === ownCameras(state);
  return (
    <p className="t-call__wanted" role="status">
      {isShown ? t(`cameras.wanted.${camerasWanted}`) : ''}
    </p>
  );
}

function CallClock({ answeredAt }: { readonly answeredAt: number | null }) {
  const now = useServerNow();
  return answeredAt === null ? null : (
    <time className="t-call__clock" aria-hidden>
      {formatCountdown(Math.floor(Math.max(0, now - answeredAt) / 1000) * 1000)}
    </time>
  );
}
