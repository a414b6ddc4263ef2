import type { Row } from '../Row.ts';

/** Row 15. @param firstMs with making the database and the district @param againMs with both there */
export const startUpRow = (firstMs: number, againMs: number): Row => ({
  number: 15,
  metric: 'npm start → healthy, everything installed and built',
  goal: '≤ 5 s',
  result: `${(againMs / 1000).toFixed(1)} s (first start, with database and demo district: ${(firstMs / 1000).toFixed(1)} s)`,
  yardstick: 'none',
  figures: { againMs, firstMs },
});
