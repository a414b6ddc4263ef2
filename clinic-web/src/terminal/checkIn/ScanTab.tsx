import { CameraOff, LoaderCircle, ScanLine } from 'lucide-react';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCamera } from '../media/useCamera.ts';
import { useQrScan } from './useQrScan.ts';

interface ScanTabProps {
  readonly busy: boolean;
  readonly onTicket: (ticketQr: string) => void;
}

const CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** The ticket's code before the camera, from a hand scanner, or typed: all three end in the same place. */
export function ScanTab({ busy, onTicket }: ScanTabProps) {
  const { t } = useTranslation('terminal');
  const video = useRef<HTMLVideoElement>(null);
  const camera = useCamera(CAMERA);
  const stream = camera.state === 'live' ? camera.stream : null;
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useQrScan(video, camera.state === 'live' && !busy, onTicket);
  // A hand scanner types into whatever has the focus, and ends with Enter.
  useEffect(() => field.current?.focus(), [busy]);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const ticket = text.trim();
    setText('');
    if (ticket !== '' && !busy) onTicket(ticket);
  };
  const isUnusable = camera.state !== 'live' && camera.state !== 'starting';
  return (
    <div className="t-scan">
      <div className="t-scan__picture" data-state={camera.state}>
        {isUnusable ? (
          <p className="t-scan__none">
            <CameraOff className="ch-icon" aria-hidden />
            {t('checkIn.cameraNone')}
          </p>
        ) : (
          <>
            <video ref={video} autoPlay playsInline muted aria-label={t('selfTest.picture')} />
            <span className="t-scan__frame" aria-hidden />
          </>
        )}
      </div>
      <div className="t-scan__text">
        {isUnusable ? null : <p className="t-lead">{t('checkIn.scanLead')}</p>}
        {isUnusable && !busy ? null : (
          <p className="t-status-line" role="status">
            <LoaderCircle className="ch-icon ch-spin" aria-hidden />
            {t(busy ? 'checkIn.found' : 'checkIn.looking')}
          </p>
        )}
        <p>{t('checkIn.scanner')}</p>
        <form className="t-field" onSubmit={send}>
          <label className="t-label" htmlFor="ticket-text">
            {t('checkIn.typed')}
          </label>
          <div className="t-input-row">
            <input
              id="ticket-text"
              ref={field}
              className="t-input"
              value={text}
              onChange={(event) => setText(event.target.value)}
              inputMode="none"
              autoComplete="off"
              spellCheck={false}
              data-testid="ticket-text"
            />
            <button
              type="submit"
              className="t-icon-button"
              aria-label={t('checkIn.identitySubmit')}
              disabled={busy || text.trim() === ''}
              data-testid="ticket-submit"
            >
              <ScanLine className="ch-icon" aria-hidden />
            </button>
          </div>
        </form>
      </div>
    </div>
  );
}
