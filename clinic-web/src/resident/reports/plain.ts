import type { NoteContent, Report } from '@cloud-hospital/protocol/rest';

/** The specialist's plain summary; the named diagnoses where they wrote none. */
export const conclusionOf = ({ plainSummary, diagnoses }: NoteContent): string =>
  plainSummary === '' ? diagnoses.map(({ text }) => text).join('；') : plainSummary;

/** Counted in days from the consultation, milliseconds; null when no return is wanted. */
export const followUpDate = ({ consultedAt, content }: Report): number | null =>
  content.followUpDays === null ? null : Date.parse(consultedAt) + content.followUpDays * 86_400_000;
