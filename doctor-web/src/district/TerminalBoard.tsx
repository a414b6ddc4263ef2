import type { DeviceId } from '@cloud-hospital/protocol';
import type { Terminal } from '@cloud-hospital/protocol/rest';
import { DEVICE_TONE, StatusWord } from '@cloud-hospital/ui';
import { usePick } from '@cloud-hospital/ui/i18n';
import { Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const FILTERS = ['all', 'ready', 'in-call', 'failing', 'offline', 'unenrolled', 'revoked'] as const;

/** A tile for each terminal, by sub-district. */
export function TerminalBoard({
  terminals,
  onOpen,
}: {
  terminals: readonly Terminal[];
  onOpen: (deviceId: DeviceId) => void;
}) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const [filter, setFilter] = useState<(typeof FILTERS)[number]>('all');
  const [search, setSearch] = useState('');
  const shown = terminals.filter(
    (terminal) =>
      (filter === 'all' || terminal.status === filter) &&
      (search === '' || pick(terminal.locationName).includes(search) || pick(terminal.subDistrict).includes(search)),
  );
  const groups = [...Map.groupBy(shown, (terminal) => pick(terminal.subDistrict))];
  return (
    <section className="c-board" aria-label={t('district.board')}>
      <header className="c-board__head">
        <h2>{t('district.board')}</h2>
        <Segmented
          value={filter}
          options={FILTERS.map((value) => ({
            value,
            label: `${value === 'all' ? t('district.all') : t(`common:device.status.${value}`)} ${
              value === 'all' ? terminals.length : terminals.filter((terminal) => terminal.status === value).length
            }`,
          }))}
          onChange={setFilter}
        />
        <Input
          className="c-board__search"
          allowClear
          placeholder={t('district.search')}
          aria-label={t('district.search')}
          value={search}
          onChange={({ target }) => setSearch(target.value.trim())}
        />
      </header>
      {groups.length === 0 ? <p className="c-secondary">{t('district.nothing')}</p> : null}
      {groups.map(([name, members]) => (
        <section key={name} className="c-board__group">
          <h3>{name}</h3>
          <ul>
            {members.map((terminal) => (
              <li key={terminal.deviceId}>
                <button
                  type="button"
                  className="c-tile"
                  data-status={terminal.status}
                  data-testid="terminal-tile"
                  onClick={() => onOpen(terminal.deviceId)}
                >
                  <span className="c-tile__name">{pick(terminal.locationName)}</span>
                  <StatusWord tone={DEVICE_TONE[terminal.status]}>
                    {t(`common:device.status.${terminal.status}`)}
                  </StatusWord>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}
