import type { NoteContent } from '@cloud-hospital/protocol/rest';

/** What is sent: lines that were opened but never written are no diagnoses and no medicines. */
export const withoutEmptyLines = (content: NoteContent): NoteContent => ({
  ...content,
  diagnoses: content.diagnoses.filter((diagnosis) => diagnosis.text.trim() !== ''),
  prescriptions: content.prescriptions.filter((prescription) => prescription.medication.trim() !== ''),
});
