import { Complaint, NoteContent } from '@cloud-hospital/protocol/rest';
import { expect, test } from 'vitest';
import { CASE_STORIES } from './data/caseStories.ts';
import { DEPARTMENTS } from './data/departments.ts';
import { SUB_DISTRICTS } from './data/places.ts';

test('there are fifteen departments, each with symptoms, expertise and a story that the contract accepts', () => {
  expect(DEPARTMENTS).toHaveLength(15);
  for (const { code, symptoms, expertise } of DEPARTMENTS) {
    expect(symptoms.length, code).toBeGreaterThanOrEqual(4);
    expect(expertise, code).toHaveLength(4);
    const stories = CASE_STORIES[code] ?? [];
    expect(stories.length, code).toBeGreaterThan(0);
    for (const { complaint, note } of stories) {
      expect(Complaint.parse(complaint)).toBe(complaint);
      expect(NoteContent.parse(note)).toEqual(note);
    }
  }
});

test('the sub-districts have 93 clinics together', () => {
  expect(SUB_DISTRICTS.reduce((sum, { clinics }) => sum + clinics, 0)).toBe(93);
});
