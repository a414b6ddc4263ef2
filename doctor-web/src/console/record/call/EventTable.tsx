import { useTranslation } from 'react-i18next';
import type { Table } from '../../../chart/csv.ts';

/** What happened in the call, in order: text rather than numbers. */
export function EventTable({ table }: { readonly table: Table }) {
  const { t } = useTranslation('console');
  return (
    <table className="c-table c-call-record__events">
      <caption>{t('callRecord.events')}</caption>
      <thead>
        <tr>
          {table.head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((cells, row) => (
          // oxlint-disable-next-line react/no-array-index-key -- rows are never reordered, and may be alike
          <tr key={row}>
            {cells.map((cell, column) => (
              // oxlint-disable-next-line react/no-array-index-key -- cells have no name of their own
              <td key={column}>{cell ?? '–'}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
