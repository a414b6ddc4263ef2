interface Heard {
  readonly mos: number | null;
  readonly seconds: number;
}

/** The MOS that was reached for half of the heard time; null when nothing was heard. One decimal more than is shown. */
export function medianMos(samples: readonly Heard[]): number | null {
  const heard = samples
    .flatMap(({ mos, seconds }) => (mos === null ? [] : [{ mos, seconds }]))
    .toSorted((a, b) => a.mos - b.mos);
  const half = heard.reduce((total, { seconds }) => total + seconds, 0) / 2;
  let passed = 0;
  for (const { mos, seconds } of heard) {
    passed += seconds;
    if (passed >= half) return Math.round(mos * 100) / 100;
  }
  return null;
}
