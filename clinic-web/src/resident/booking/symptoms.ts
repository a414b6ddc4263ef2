import type { LocalizedText } from '@cloud-hospital/protocol';
import type { Department } from '@cloud-hospital/protocol/rest';

export interface Symptom {
  readonly name: LocalizedText;
  /** Who treats it, in the directory's order. */
  readonly departments: readonly Department[];
}

/** The directory lists words under departments; a person starts from the word. Same word, several departments: one entry. */
export function symptomsOf(departments: readonly Department[]): readonly Symptom[] {
  const byWord = new Map<string, { name: LocalizedText; departments: Department[] }>();
  for (const department of departments) {
    for (const name of department.symptoms) {
      const known = byWord.get(name.zh);
      if (known === undefined) byWord.set(name.zh, { name, departments: [department] });
      else known.departments.push(department);
    }
  }
  return [...byWord.values()];
}

/** How many words of each department are shown before anybody asks for more. */
const COMMON_PER_DEPARTMENT = 2;

/** The first words of each department, which the directory lists by how often people say them. */
export function commonSymptoms(symptoms: readonly Symptom[], departments: readonly Department[]): readonly Symptom[] {
  const first = new Set(
    departments.flatMap((department) => department.symptoms.slice(0, COMMON_PER_DEPARTMENT).map(({ zh }) => zh)),
  );
  return symptoms.filter(({ name }) => first.has(name.zh));
}
