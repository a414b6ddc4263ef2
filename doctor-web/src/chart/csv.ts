/** What a cell can hold. */
export type Cell = string | number | null;

/** A table as people see it: the first row names the columns. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Spreadsheets run cells that begin like this as formulas, whatever the quotes (OWASP, "CSV Injection"): a clinic's name
 * must stay a name. Numbers of ours are numbers and need no guard.
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** RFC 4180, with the byte order mark by which Excel knows that the text is UTF-8. */
export const toCsv = ({ head, rows }: Table): string =>
  `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** Lets the browser save it. */
export function saveCsv(name: string, table: Table): void {
  const url = URL.createObjectURL(new Blob([toCsv(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
