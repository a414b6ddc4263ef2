import { ErrorNote, formatDateTime, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';

const PAGE_SIZE = 100;
const OUTCOME_TONE = { success: 'good', denied: 'attention', failure: 'attention' } as const;

/** The trail, newest first, and whether its chain is whole. Read-only for everybody. */
export function AuditPage() {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const session = useSignedIn();
  const { query } = useApi();
  const trail = useInfiniteQuery(
    query.district.auditTrail.infiniteOptions({
      input: (before: number | undefined) => ({ limit: PAGE_SIZE, ...(before === undefined ? {} : { before }) }),
      initialPageParam: undefined,
      getNextPageParam: (page) => (page.events.length < PAGE_SIZE ? undefined : page.events.at(-1)?.sequence),
    }),
  );
  const chain = trail.data?.pages[0]?.chain;
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.audit')} />
      <main className="c-page">
        {trail.error === null ? null : <ErrorNote error={trail.error} onRetry={() => void trail.refetch()} />}
        {chain === undefined ? null : (
          <p className="c-page__lead">
            <StatusWord tone={chain.intact ? 'good' : 'attention'}>
              {t(chain.intact ? 'audit.intact' : 'audit.broken')}
            </StatusWord>{' '}
            <span className="c-secondary">{t('audit.counts', { sealed: chain.sealed, unsealed: chain.unsealed })}</span>
          </p>
        )}
        {trail.isPending ? <Spin /> : null}
        <table className="c-table">
          <thead>
            <tr>
              <th className="c-table__number">#</th>
              <th>{t('audit.time')}</th>
              <th>{t('audit.actor')}</th>
              <th>{t('audit.role')}</th>
              <th>{t('audit.action')}</th>
              <th>{t('audit.entity')}</th>
              <th>{t('audit.outcome')}</th>
              <th>{t('audit.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {trail.data?.pages
              .flatMap((page) => page.events)
              .map((event) => (
                <tr key={event.sequence}>
                  <td className="c-table__number">{event.sequence}</td>
                  <td>{formatDateTime(event.recordedAt, locale)}</td>
                  <td>{event.actor}</td>
                  <td>{event.role}</td>
                  <td>{event.action}</td>
                  <td>
                    {event.entityKind} {event.entityId?.slice(0, 8)}
                  </td>
                  <td>
                    <StatusWord tone={OUTCOME_TONE[event.outcome]}>{t(`audit.outcomes.${event.outcome}`)}</StatusWord>
                  </td>
                  <td>{event.reason}</td>
                </tr>
              ))}
          </tbody>
        </table>
        {trail.hasNextPage ? (
          <Button loading={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
            {t('common:action.showMore')}
          </Button>
        ) : null}
      </main>
    </div>
  );
}
