import type { Instant, LocalizedText } from '@cloud-hospital/protocol';
import type { Appointment, SpecialistRef } from '@cloud-hospital/protocol/rest';
import { daysFromToday, formatDay, formatTime, formatWeekday, serverClock } from '@cloud-hospital/ui';
import { pick, useLocale } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';

/** The few phrases that every resident page puts together the same way. */
export function useWords() {
  const { t } = useTranslation();
  const locale = useLocale();

  const day = (when: Instant | Date): string => {
    const days = daysFromToday(when, serverClock.now());
    if (days === 0) return t('date.today');
    if (days === 1) return t('date.tomorrow');
    return formatDay(when, locale);
  };
  const specialistName = ({ name, nameEn }: Pick<SpecialistRef, 'name' | 'nameEn'>): string =>
    locale === 'en' && nameEn !== '' ? nameEn : name;
  return {
    locale,
    pick: (text: LocalizedText) => pick(text, locale),
    /** `王建国`, `Wang Jianguo`. */
    specialist: specialistName,
    /** `王建国 主任医师`, `Wang Jianguo, Chief Physician`. */
    specialistTitled: (specialist: Pick<SpecialistRef, 'name' | 'nameEn' | 'title'>) =>
      [specialistName(specialist), pick(specialist.title, locale)].join(locale === 'en' ? ', ' : ' '),
    /** `神经内科 · 王建国`. */
    departmentAndSpecialist: (specialist: Pick<SpecialistRef, 'name' | 'nameEn' | 'departmentName'>) =>
      `${pick(specialist.departmentName, locale)} · ${specialistName(specialist)}`,
    /** `玉泉社区站`, `用我的手机，玉泉社区站负责`; empty while no clinic is chosen. */
    place: ({ clinic, phone }: Pick<Appointment, 'clinic' | 'phone'>): string => {
      const name = clinic === null ? '' : pick(clinic.name, locale);
      return clinic !== null && phone.chosen ? t('appointment.byPhone', { clinic: name }) : name;
    },
    time: (when: Instant) => formatTime(when, locale),
    /** `今天`, `明天`, `11月25日`. */
    day,
    /** `今天 10:20`, `11月25日 周三 10:20`. */
    dayTime: (when: Instant) => {
      const days = daysFromToday(when, serverClock.now());
      const weekday = days === 0 || days === 1 ? '' : ` ${formatWeekday(when, locale)}`;
      return `${day(when)}${weekday} ${formatTime(when, locale)}`;
    },
    /** `11月25日 周三`, always with the weekday. */
    dayWeekday: (when: Instant | Date) => `${day(when)} ${formatWeekday(when, locale)}`,
  };
}
