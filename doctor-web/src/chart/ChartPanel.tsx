import { ChartColumn, Download, Table2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Cell, saveCsv, type Table } from './csv.ts';

export interface ChartPanelProps {
  readonly title: string;
  /** What the chart shows in one sentence, for whoever doesn't see it and for whoever wonders. */
  readonly lead: string;
  /** Name of the saved file, without its ending. */
  readonly fileName: string;
  readonly table: Table;
  /** How much of the row: a third, half, or all of it. */
  readonly width?: 'third' | 'half' | 'whole';
  readonly children: ReactNode;
}

/** A chart, the same numbers as a table, and the same table as a file. */
export function ChartPanel({ title, lead, fileName, table, width = 'third', children }: ChartPanelProps) {
  const { t } = useTranslation('console');
  const [asTable, setAsTable] = useState(false);
  const heading = useId();
  return (
    <section className={`c-panel c-panel--${width}`} aria-labelledby={heading}>
      <header className="c-panel__head">
        <h3 id={heading}>{title}</h3>
        <button type="button" className="ch-quiet-button" onClick={() => setAsTable(!asTable)}>
          {asTable ? <ChartColumn className="ch-icon" aria-hidden /> : <Table2 className="ch-icon" aria-hidden />}
          {t(asTable ? 'statistics.asChart' : 'statistics.asTable')}
        </button>
        <button
          type="button"
          className="ch-quiet-button"
          onClick={() => saveCsv(fileName, table)}
          data-testid="export-csv"
        >
          <Download className="ch-icon" aria-hidden />
          {t('statistics.export')}
        </button>
      </header>
      <p className="c-secondary">{lead}</p>
      {asTable ? <NumberTable title={title} table={table} /> : children}
    </section>
  );
}

const shown = (cell: Cell): string => (cell === null ? '–' : String(cell));

function NumberTable({ title, table }: { readonly title: string; readonly table: Table }) {
  const { t } = useTranslation('console');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard
    <div className="c-panel__scroll" tabIndex={0} role="region" aria-label={t('statistics.tableOf', { title })}>
      <table className="c-table">
        <thead>
          <tr>
            {table.head.map((name, column) => (
              <th key={name} className={column === 0 ? undefined : 'c-table__number'}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(([first = null, ...rest], row) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows are never reordered, and names may be alike
            <tr key={row}>
              <th scope="row">{shown(first)}</th>
              {rest.map((cell, column) => (
                // oxlint-disable-next-line react/no-array-index-key -- cells have no name of their own
                <td key={column} className="c-table__number">
                  {shown(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
