import type { Report } from '@cloud-hospital/protocol/rest';
import { formatDate } from '@cloud-hospital/ui';
import type { TFunction } from 'i18next';
import { conclusionOf, followUpDate } from './plain.ts';

/** A full stop where the writer left one out: the voice pauses there. */
const sentence = (text: string): string => (/[。！？；.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}。`);

/**
 * What is read aloud: the same four answers, as whole sentences.
 * @param t of the Chinese catalogue on every face: the report is written in Chinese and a Chinese voice reads it
 */
export function spokenReport(report: Report, t: TFunction<'resident'>): readonly string[] {
  const { content } = report;
  const back = followUpDate(report);
  return [
    t('report.spoken.conclusion', { text: sentence(conclusionOf(content)) }),
    ...(content.advice === '' ? [] : [t('report.spoken.advice', { text: sentence(content.advice) })]),
    ...content.prescriptions.map(({ medication, dose, frequency, days }) =>
      t('report.spoken.medicine', { medication, dose, frequency, days }),
    ),
    back === null ? t('report.spoken.noFollowUp') : t('report.spoken.followUp', { date: formatDate(back, 'zh-CN') }),
    ...(content.referral === '' ? [] : [t('report.spoken.referral', { text: sentence(content.referral) })]),
  ];
}
