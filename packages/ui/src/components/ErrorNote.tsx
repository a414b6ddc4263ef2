import type { AppError } from '@cloud-hospital/protocol';
import { CircleAlert, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/index.ts';
import { formatDuration } from '../time.ts';

export interface ErrorText {
  readonly what: string;
  readonly advice: string;
}

/** The limits that have a text of their own. */
const LIMITS = [
  'active-bookings',
  'bookings-per-day',
  'bookings-per-specialist',
  'booking-window',
  'waitlist-entries',
  'waitlist-once',
  'no-shows',
] as const;

/** What happened and what the person can do, for any error of the contract. */
export function useErrorText(): (error: AppError) => ErrorText {
  const { t } = useTranslation();
  const locale = useLocale();
  return ({ code, details }) => {
    if (code === 'UNAVAILABLE' && details?.['reason'] === 'network') {
      return { what: t('error.NETWORK.what'), advice: t('error.NETWORK.advice') };
    }
    const seconds = details?.['retryAfterSeconds'];
    if (code === 'RATE_LIMITED' && typeof seconds === 'number') {
      return { what: t('error.RATE_LIMITED.what'), advice: t('error.RATE_LIMITED.adviceAfter', { seconds }) };
    }
    const minutes = details?.['minutes'];
    if (code === 'TOO_LATE_TO_CHANGE' && typeof minutes === 'number') {
      return {
        what: t('error.TOO_LATE.what', { duration: formatDuration(minutes, locale) }),
        advice: t('error.TOO_LATE_TO_CHANGE.advice'),
      };
    }
    const limit = LIMITS.find((one) => one === details?.['limit']);
    const max = details?.['max'];
    if (code === 'LIMIT_REACHED' && limit !== undefined && typeof max === 'number') {
      return { what: t(`error.LIMIT.${limit}.what`, { max }), advice: t(`error.LIMIT.${limit}.advice`) };
    }
    return { what: t(`error.${code}.what`), advice: t(`error.${code}.advice`) };
  };
}

export interface ErrorNoteProps {
  readonly error: AppError;
  /** Shown as "try again" where trying again makes sense. */
  readonly onRetry?: (() => void) | undefined;
  /** Another way out, e.g. a link to sign in or the nearest free times. */
  readonly children?: ReactNode;
}

/** An error in plain words, read out at once by screen readers. Not for a field's own message. */
export function ErrorNote({ error, onRetry, children }: ErrorNoteProps) {
  const { t } = useTranslation();
  const text = useErrorText()(error);
  const Icon = error.details?.['reason'] === 'network' ? WifiOff : CircleAlert;
  return (
    <div className="ch-note ch-note--danger" role="alert" data-error-code={error.code}>
      <Icon className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">{text.what}</p>
        <p>{text.advice}</p>
        {children}
        {onRetry === undefined ? null : error.code === 'PROTOCOL_OUTDATED' ? (
          <button type="button" className="ch-button" onClick={() => window.location.reload()}>
            {t('action.reload')}
          </button>
        ) : (
          <button type="button" className="ch-button" onClick={onRetry}>
            {t('action.retry')}
          </button>
        )}
      </div>
    </div>
  );
}
