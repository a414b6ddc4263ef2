import type { Appointment } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDate, formatTime, formatWeekday } from '@cloud-hospital/ui';
import { useApi, useSession } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, Printer, Send } from 'lucide-react';
import { useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { NumberPad } from '../controls/NumberPad.tsx';
import { Scroll } from '../controls/Scroll.tsx';
import { QrCode } from '../report/QrCode.tsx';

const PHONE_LENGTH = 11;
const isPhone = (text: string): boolean => /^1[3-9]\d{9}$/.test(text);

interface DoneStepProps {
  readonly appointment: Appointment;
  readonly moved: boolean;
  readonly onAnother: () => void;
}

/** The slip for the resident, and the link for whoever comes along. */
export function DoneStep({ appointment, moved, onAnother }: DoneStepProps) {
  const { t } = useTranslation('people');
  const [printing, setPrinting] = useState(false);
  const [sharing, setSharing] = useState(false);
  const print = () => {
    // The slip must be in the page before the browser prints it; it blocks until the print window is closed.
    flushSync(() => setPrinting(true));
    window.print();
    setPrinting(false);
  };
  return (
    <div className="t-task" data-testid="desk-done">
      <div className="t-task__body t-desk__done">
        <Scroll className="t-desk__paper" label={t('desk.slipTitle')}>
          <Slip appointment={appointment} />
        </Scroll>
        <div className="t-desk__side">
          <p className="t-status-line" role="status">
            <CircleCheck className="ch-icon" aria-hidden />
            {t(moved ? 'desk.moved' : 'desk.done')}
          </p>
          {sharing ? null : (
            <button type="button" className="t-primary" onClick={print} data-testid="desk-print">
              <Printer className="ch-icon" aria-hidden />
              {t('desk.print')}
            </button>
          )}
          <Share appointmentId={appointment.appointmentId} writing={sharing} onWriting={setSharing} />
          {sharing ? null : (
            <button type="button" className="t-secondary" onClick={onAnother} data-testid="desk-another">
              {t('desk.finish')}
            </button>
          )}
        </div>
      </div>
      {printing
        ? createPortal(
            <div className="t-print" data-form="slip">
              <Slip appointment={appointment} />
            </div>,
            document.body,
          )
        : null}
    </div>
  );
}

interface ShareProps extends Pick<Appointment, 'appointmentId'> {
  readonly writing: boolean;
  readonly onWriting: (writing: boolean) => void;
}

function Share({ appointmentId, writing, onWriting }: ShareProps) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const [phone, setPhone] = useState('');
  const send = useMutation(query.helperLinks.send.mutationOptions({ onSuccess: () => onWriting(false) }));
  if (!writing) {
    return (
      <>
        {send.isSuccess ? (
          <p className="t-hint" role="status" data-testid="desk-shared">
            {t('share.sent', { phone: send.data.phoneMasked })}
          </p>
        ) : null}
        <button type="button" className="t-secondary" onClick={() => onWriting(true)} data-testid="desk-share">
          <Send className="ch-icon" aria-hidden />
          {t('desk.share')}
        </button>
      </>
    );
  }
  return (
    <div className="t-desk__share">
      <label className="t-label" htmlFor="helper-phone">
        {t('share.phone')}
      </label>
      <input
        id="helper-phone"
        className="t-input t-input--number"
        value={phone}
        onChange={(event) => setPhone(event.target.value.replaceAll(/\D/g, '').slice(0, PHONE_LENGTH))}
        inputMode="none"
        autoComplete="off"
        data-testid="desk-share-phone"
      />
      <NumberPad label={t('share.phone')} value={phone} onChange={setPhone} extra={null} maxLength={PHONE_LENGTH} />
      {send.isError ? <ErrorNote error={send.error} /> : null}
      <button
        type="button"
        className="t-primary"
        disabled={!isPhone(phone) || send.isPending}
        onClick={() => send.mutate({ appointmentId, phone })}
        data-testid="desk-share-send"
      >
        {t('share.send')}
      </button>
    </div>
  );
}

/** For an 80 mm receipt printer: number, when, where, the code for check-in. */
function Slip({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('people');
  const locale = useLocale();
  const pick = usePick();
  const session = useSession();
  const { ticketNumber, ticketQr, start, specialist, clinic, patient, phone } = appointment;
  return (
    <article className="p-slip" lang={locale} data-testid="desk-slip">
      <h1>{t('desk.slipTitle')}</h1>
      <p className="p-slip__who">{patient.name}</p>
      <p className="p-slip__ticket">
        {t('desk.slipTicket')} <strong data-testid="desk-ticket">{ticketNumber}</strong>
      </p>
      <p className="p-slip__who">
        {formatDate(start, locale)} {formatWeekday(start, locale)} {formatTime(start, locale)}
      </p>
      <p>
        {pick(specialist.hospital.name)} {pick(specialist.departmentName)} {specialist.name}
      </p>
      {clinic === null ? null : (
        <p>
          {pick(clinic.name)} {clinic.address} {clinic.phone}
        </p>
      )}
      {ticketQr === null ? null : (
        <figure>
          <QrCode text={ticketQr} label={t('helper.qr')} />
        </figure>
      )}
      <p>{t(phone.chosen ? 'desk.slipPhone' : 'desk.slipBring')}</p>
      {session.status === 'signed-in' ? <p>{t('desk.slipBy', { name: session.session.displayName })}</p> : null}
    </article>
  );
}
