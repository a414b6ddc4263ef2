import type { LocalizedText } from '@cloud-hospital/protocol';
import type { PatientRef, SpecialistRef } from '@cloud-hospital/protocol/rest';
import { formatTime } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

interface PersonHeaderProps {
  readonly patient: PatientRef;
  /** Null: whoever of the department is free first. */
  readonly specialist: SpecialistRef | null;
  readonly departmentName: LocalizedText;
  readonly ticketNumber: string;
  readonly scheduledStart: string | null;
  readonly checkedInAt: string | null;
  readonly back: string;
}

/** Who is in hand, and for whom they came: the same on every page about a person. */
export function PersonHeader(props: PersonHeaderProps) {
  const { patient, specialist, departmentName, ticketNumber, scheduledStart, checkedInAt, back } = props;
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const pick = usePick();
  const named = (who: SpecialistRef): string =>
    `${locale === 'en' && who.nameEn !== '' ? who.nameEn : who.name} ${pick(who.title)} · ${pick(who.hospital.name)}`;
  return (
    <header className="t-person">
      <div className="t-person__who">
        <h1 className="t-person__name" data-testid="person-name">
          {patient.name}
        </h1>
        <p className="t-person__facts">
          {t(`common:gender.${patient.gender}`)} · {t('person.born', { age: patient.age })} · {patient.identityMasked} ·{' '}
          {scheduledStart === null
            ? t('person.walkIn')
            : `${t('person.appointment')} ${formatTime(scheduledStart, locale)}`}
          {checkedInAt === null ? '' : ` · ${t('person.checkedIn')} ${formatTime(checkedInAt, locale)}`}
        </p>
        <p className="t-person__facts t-person__facts--line">
          {pick(departmentName)} · {specialist === null ? t('person.pool') : named(specialist)}
        </p>
      </div>
      <p className="t-ticket">
        <span className="t-ticket__label">{t('person.ticket')}</span>
        <span className="t-ticket__number">{ticketNumber}</span>
      </p>
      <Link to={back} className="t-icon-button" aria-label={t('person.close')} data-testid="close-person">
        <X className="ch-icon" aria-hidden />
      </Link>
    </header>
  );
}
