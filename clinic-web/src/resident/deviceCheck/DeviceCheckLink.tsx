import type { Appointment } from '@cloud-hospital/protocol/rest';
import { CircleCheck, Smartphone, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWords } from '../layout/words.ts';
import './deviceCheck.css';

/** The way to the phone's own test, and how the last one went. */
export function DeviceCheckLink({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('deviceCheck');
  const words = useWords();
  const { appointmentId, deviceCheck } = appointment;
  const outcomes =
    deviceCheck === null ? [] : [deviceCheck.camera, deviceCheck.microphone, deviceCheck.speaker, deviceCheck.network];
  const isGood = outcomes.every((outcome) => outcome === 'passed');
  const Icon = deviceCheck === null ? Smartphone : isGood ? CircleCheck : TriangleAlert;
  return (
    <Link to={`/appointments/${appointmentId}/check`} className="r-card k-link" data-testid="open-device-check">
      <Icon className="ch-icon k-link__icon" aria-hidden />
      <span>
        <strong>{t('title')}</strong>
        <br />
        <span className="r-muted r-small">
          {deviceCheck === null
            ? t('linkHint')
            : t(isGood ? 'lastGood' : 'lastFailed', { time: words.dayTime(deviceCheck.testedAt) })}
        </span>
      </span>
    </Link>
  );
}
