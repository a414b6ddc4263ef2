/** How many possible courses of the day are played through. A power of two, so that an index can be masked. */
export const RUNS = 128;

/** mulberry32 (Tommy Ettinger, public domain): repeatable numbers in [0, 1). */
export function repeatable(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COLUMNS = 509;

function shuffledStrata(next: () => number): Float64Array {
  const column = Float64Array.from({ length: RUNS }, (_, run) => (run + 0.5) / RUNS);
  for (let last = RUNS - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    const kept = column[last] ?? 0;
    column[last] = column[other] ?? 0;
    column[other] = kept;
  }
  return column;
}

const next = repeatable(20_261_125);
const columns = Array.from({ length: COLUMNS }, () => shuffledStrata(next));
const EMPTY = new Float64Array(RUNS);

/** 32 bits of a text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/**
 * Hands out columns of a Latin hypercube: each column holds every stratum (i + ½) / RUNS once, in an order of its own.
 * So few runs tell means and quantiles of sums nearly without noise (McKay, Beckman, Conover, Technometrics 21, 1979).
 * The same thing always gets the same column as long as nobody else wants it: a promise doesn't flicker because
 * somebody else left.
 */
export class Strata {
  readonly #taken = new Set<number>();

  column(of: string): Float64Array {
    let index = hash(of) % COLUMNS;
    // More unknowns than columns: they share, which costs accuracy and nothing else.
    for (let tries = 0; this.#taken.has(index) && tries < COLUMNS; tries += 1) index = (index + 1) % COLUMNS;
    this.#taken.add(index);
    return columns[index] ?? EMPTY;
  }
}
