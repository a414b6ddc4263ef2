/** What one department answers to, in any language; order does not matter. */
export interface DepartmentWords {
  readonly code: string;
  readonly words: readonly string[];
}

export interface DepartmentMatch {
  readonly code: string;
  /** The words that were recognised, longest first. */
  readonly words: readonly string[];
}

const LATIN = /^[\x20-\x7E]+$/;
/** A Latin beginning shorter than this means nothing yet. */
const SHORTEST_LATIN = 3;
/** A beginning counts less than a whole word. */
const BEGINNING = 0.5;

/** Lower case, single spaces for everything that is neither letter nor digit, with one at either end. */
const spaced = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
const joined = (text: string): string => spaced(text).replaceAll(' ', '');

/** Chinese words weigh two: one character says about as much as five Latin letters. */
const weightOf = (word: string): number => (LATIN.test(word) ? word.length / 5 : word.length);

/**
 * Departments for a phrase as people type it ("最近老是胸口闷，腿也肿"), best first: each recognised word counts by its
 * length, a word inside a longer recognised one only once. What is typed may also be the beginning of a word.
 * A guide to a department, not a diagnosis.
 */
export function departmentsFor(text: string, departments: readonly DepartmentWords[]): DepartmentMatch[] {
  const [withSpaces, without] = [spaced(text), joined(text)];
  if (without === '') return [];
  const isBeginning = (word: string): boolean =>
    LATIN.test(word)
      ? without.length >= SHORTEST_LATIN && word.startsWith(withSpaces.trim())
      : word.includes(without) && !LATIN.test(text);
  const found = departments.map(({ code, words }) => {
    const whole = words.filter((word) =>
      LATIN.test(word) ? withSpaces.includes(spaced(word).trimEnd()) : without.includes(word),
    );
    const distinct = whole.filter((word) => !whole.some((longer) => longer !== word && longer.includes(word)));
    const recognised = [...new Set(distinct)];
    const beginnings = recognised.length > 0 ? [] : words.filter(isBeginning).slice(0, 1);
    const score =
      recognised.reduce((sum, word) => sum + weightOf(word), 0) +
      (beginnings.length === 0 ? 0 : BEGINNING * weightOf(text.trim()));
    return { code, score, words: [...recognised, ...beginnings].sort((a, b) => b.length - a.length) };
  });
  return found
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ code, words }) => ({ code, words }));
}
