import { AppError, type ErrorCode } from '@cloud-hospital/protocol';
import { useErrorText } from '@cloud-hospital/ui';
import { BellOff, Phone, PhoneIncoming } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePick } from '@cloud-hospital/ui/i18n';
import { RingTone } from './RingTone.ts';
import { speak } from './speak.ts';
import type { Call, IncomingCall } from './types.ts';

/** For whoever stands before the screen these are one and the same: nobody is calling any more. */
const TAKEN_BACK: ReadonlySet<ErrorCode> = new Set(['INVALID_TRANSITION', 'NOT_FOUND']);

interface RingingScreenProps {
  readonly call: Call;
  readonly incoming: IncomingCall;
  /** Also say who is calling, where the browser has a voice for the language. */
  readonly voice?: boolean;
  /** The resident's own phone: whoever is called holds it. */
  readonly alone?: boolean;
  /** After the call was answered or declined here. */
  readonly onAnswer?: () => void;
  readonly onDecline?: () => void;
}

/** Fills its place, rings and speaks; one touch answers, or the countdown does. */
export function RingingScreen({
  call,
  incoming,
  voice = false,
  alone = false,
  onAnswer,
  onDecline,
}: RingingScreenProps) {
  const { t, i18n } = useTranslation('call');
  const pick = usePick();
  const [outcome, setOutcome] = useState<'ringing' | 'answering' | 'failed'>('ringing');
  const [failure, setFailure] = useState<AppError | null>(null);
  const errorText = useErrorText();
  // The screen is seen and heard by everybody in the room: a number, not a name.
  const { specialistName: name, ticketNumber: ticket } = incoming;
  const department = pick(incoming.departmentName);

  const finish = useRef(false);
  const settle = async (request: Promise<void>, done: (() => void) | undefined): Promise<void> => {
    if (finish.current) return;
    finish.current = true;
    setOutcome('answering');
    try {
      await request;
      done?.();
    } catch (error) {
      finish.current = false;
      setFailure(error instanceof AppError && !TAKEN_BACK.has(error.code) ? error : null);
      setOutcome('failed');
    }
  };
  const answer = (): void => {
    if (!finish.current) void settle(call.actions.answer(), onAnswer);
  };
  const decline = (reason: 'not-now' | 'patient-absent'): void => {
    if (!finish.current) void settle(call.actions.decline(reason), onDecline);
  };

  const remaining = useCountdown(outcome === 'ringing' ? incoming.autoAnswerSeconds : null, answer);
  const blocked = useRinging(outcome === 'ringing');
  const sentence = t('ringing.voice', { department, name, ticket });
  useEffect(
    () => (voice ? afterPaint(() => speak(sentence, i18n.language === 'en' ? 'en' : 'zh-CN')) : undefined),
    [voice, sentence, i18n.language],
  );

  return (
    <section className="ch-call-ringing" role="alertdialog" aria-label={t('ringing.title', { name })}>
      <PhoneIncoming aria-hidden className="ch-call-ringing-icon" size="4em" strokeWidth={1.5} />
      <h1>{t('ringing.title', { name })}</h1>
      <p className="ch-call-ringing-who">
        {pick(incoming.specialistTitle)} · {department}
      </p>
      {alone ? null : <p className="ch-call-ringing-patient">{t('ringing.patient', { ticket })}</p>}
      <button type="button" className="ch-call-answer" disabled={outcome === 'answering'} onClick={answer}>
        <Phone aria-hidden size="1.4em" />
        {t(outcome === 'answering' ? 'ringing.answering' : 'ringing.answer')}
      </button>
      <p className="ch-call-ringing-note" role="status">
        {outcome === 'failed'
          ? failure === null
            ? t('ringing.failed')
            : `${errorText(failure).what} ${errorText(failure).advice}`
          : remaining !== null && t('ringing.auto', { count: remaining })}
      </p>
      <div className="ch-call-ringing-others">
        <button type="button" disabled={outcome === 'answering'} onClick={() => decline('not-now')}>
          {t('ringing.decline')}
        </button>
        {alone ? null : (
          <button type="button" disabled={outcome === 'answering'} onClick={() => decline('patient-absent')}>
            {t('ringing.absent')}
          </button>
        )}
      </div>
      {blocked && (
        <p className="ch-call-ringing-silent">
          <BellOff aria-hidden size="1.2em" />
          {t('ringing.silent')}
        </p>
      )}
    </section>
  );
}

/** Sound needs tens of milliseconds to be set up on a slow machine: the picture is drawn first. */
const PAINT_MS = 50;

/** @returns stops what was begun, or keeps it from beginning */
function afterPaint(begin: () => () => void): () => void {
  let stop: (() => void) | undefined;
  const timer = setTimeout(() => {
    stop = begin();
  }, PAINT_MS);
  return () => {
    clearTimeout(timer);
    stop?.();
  };
}

/** Counts whole seconds down and calls `done` once at zero. @returns what is left, or null without a countdown */
function useCountdown(seconds: number | null, done: () => void): number | null {
  const [left, setLeft] = useState(seconds);
  const onDone = useEffectEvent(done);
  useEffect(() => {
    if (seconds === null) return undefined;
    const until = performance.now() + seconds * 1_000;
    const timer = setInterval(() => {
      const remaining = Math.max(0, Math.ceil((until - performance.now()) / 1_000));
      setLeft(remaining);
      if (remaining > 0) return;
      clearInterval(timer);
      onDone();
    }, 100);
    return () => clearInterval(timer);
  }, [seconds]);
  return seconds === null ? null : left;
}

/** Rings while `on`. @returns whether the browser holds the tone back until the page is touched */
function useRinging(on: boolean): boolean {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const tone = new RingTone(setBlocked);
    const stop = afterPaint(() => {
      tone.start();
      return () => tone.stop();
    });
    const unblock = (): void => void tone.unblock();
    document.addEventListener('pointerdown', unblock);
    document.addEventListener('keydown', unblock);
    return () => {
      document.removeEventListener('pointerdown', unblock);
      document.removeEventListener('keydown', unblock);
      stop();
    };
  }, [on]);
  return blocked;
}
