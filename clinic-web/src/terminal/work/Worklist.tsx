import { ErrorNote } from '@cloud-hospital/ui';
import { ScanLine, Search, UserPlus, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { Busy } from '../controls/Busy.tsx';
import { useWorklist } from './useWorklist.ts';
import { pathOf, WorklistRow } from './WorklistRow.tsx';
import { isOver, rowKey, rowsOf } from './worklistRows.ts';

/** Today's people in time order, with search, and the two ways of adding somebody always in reach. */
export function Worklist() {
  const { t } = useTranslation(['terminal', 'common']);
  const worklist = useWorklist();
  const [search, setSearch] = useState('');
  const { pathname } = useLocation();
  const items = worklist.data?.items ?? [];
  const rows = rowsOf(items, search);
  return (
    <nav className="t-list" aria-label={t('list.title')} data-testid="worklist">
      <div className="t-list__head">
        <h2 className="t-heading-2">{t('list.title')}</h2>
        <p className="t-hint">{t('list.count', { count: items.length })}</p>
      </div>
      <div className="t-search">
        <Search className="ch-icon" aria-hidden />
        <input
          className="t-input"
          type="search"
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          data-testid="worklist-search"
        />
        {search === '' ? null : (
          <button type="button" className="t-icon-button" aria-label={t('list.clear')} onClick={() => setSearch('')}>
            <X className="ch-icon" aria-hidden />
          </button>
        )}
      </div>
      <div className="t-list__body">
        {worklist.isError ? <ErrorNote error={worklist.error} onRetry={() => void worklist.refetch()} /> : null}
        {worklist.isPending ? <Busy>{t('common:state.loading')}</Busy> : null}
        {worklist.isSuccess && rows.length === 0 ? (
          <div className="t-list__empty">
            <p>{search === '' ? t('list.empty') : t('list.noMatch', { query: search })}</p>
            <p className="t-hint">{t(search === '' ? 'list.emptyAdvice' : 'list.noMatchAdvice')}</p>
          </div>
        ) : null}
        <Rows rows={rows} pathname={pathname} />
      </div>
      <div className="t-list__foot">
        <Link to="/check-in" className="t-secondary" data-testid="open-check-in">
          <ScanLine className="ch-icon" aria-hidden />
          {t('list.scan')}
        </Link>
        <Link to="/walk-in" className="t-secondary" data-testid="open-walk-in">
          <UserPlus className="ch-icon" aria-hidden />
          {t('list.walkIn')}
        </Link>
      </div>
    </nav>
  );
}

/** At noon the morning's people are done: the list opens where the work is. */
function Rows({ rows, pathname }: { readonly rows: ReturnType<typeof rowsOf>; readonly pathname: string }) {
  const list = useRef<HTMLUListElement>(null);
  const isEmpty = rows.length === 0;
  useEffect(() => {
    if (isEmpty) return;
    const firstOpen = list.current?.querySelector('[data-over="false"]');
    firstOpen?.closest('li')?.scrollIntoView({ block: 'nearest' });
  }, [isEmpty]);
  return (
    <ul className="t-rows" ref={list} data-open={rows.filter((row) => !isOver(row)).length}>
      {rows.map((item) => (
        <WorklistRow
          key={rowKey(item)}
          item={item}
          selected={pathname === pathOf(item) || pathname.startsWith(`${pathOf(item)}/`)}
        />
      ))}
    </ul>
  );
}
