import type { NoShow, PatientRef } from '@cloud-hospital/protocol/rest';
import type { NoShowExcuse } from '@cloud-hospital/protocol/states';
import { ErrorNote, formatDate, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../controls/Choice.tsx';
import { Dialog } from '../controls/Dialog.tsx';

const REASONS = [
  'illness',
  'emergency',
  'clinic-error',
  'specialist-absent',
  'not-informed',
  'other',
] as const satisfies readonly NoShowExcuse[];

/** What was missed here, and taking it back with a reason. */
export function NoShowSection({ patientId }: { readonly patientId: PatientRef['patientId'] }) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const noShows = useQuery(query.clinic.noShows.queryOptions({ input: { patientId }, staleTime: 0 }));
  if (noShows.isLoadingError) return <ErrorNote error={noShows.error} onRetry={() => void noShows.refetch()} />;
  if (noShows.data === undefined) return null;
  const { standing, noShows: missed } = noShows.data;
  if (standing.count === 0 && missed.length === 0) return null;
  return (
    <section className="t-desk__section" data-testid="desk-no-shows" data-count={standing.count}>
      <h2 className="t-heading-2">{t('desk.noShows')}</h2>
      <p className="t-hint">
        {t('desk.noShowCount', { count: standing.count, limit: standing.limit })}
        {standing.mayBookOnline ? null : (
          <>
            {' '}
            <StatusWord tone="attention">{t('desk.deskOnly')}</StatusWord>
          </>
        )}
      </p>
      <ul className="t-desk__rows">
        {missed.map((one) => (
          <Missed key={one.appointmentId} missed={one} />
        ))}
      </ul>
    </section>
  );
}

function Missed({ missed }: { readonly missed: NoShow }) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const locale = useLocale();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<NoShowExcuse | null>(null);
  const { appointmentId, version, start, specialistName, party, excused } = missed;
  const excuse = useMutation(
    query.clinic.excuseNoShow.mutationOptions({
      onSuccess: async () => {
        setAsking(false);
        await queryClient.invalidateQueries({ queryKey: query.clinic.noShows.key() });
      },
    }),
  );
  return (
    <li className="t-desk__row" data-testid="desk-no-show" data-excused={excused !== null}>
      <p className="t-desk__words">
        <strong>{formatDate(start, locale)}</strong> {specialistName} ·{' '}
        {excused === null
          ? t(`desk.party.${party}`)
          : t('desk.excused', { reason: t(`desk.reason.${excused.reason}`), by: excused.by })}
      </p>
      {excused === null && party === 'patient' ? (
        <div className="t-desk__actions">
          <button type="button" className="t-secondary" onClick={() => setAsking(true)} data-testid="excuse">
            {t('desk.excuse')}
          </button>
        </div>
      ) : null}
      {asking ? (
        <Dialog title={t('desk.excuseTitle')} onClose={() => setAsking(false)} testId="excuse-dialog">
          <Choice
            name="excuse"
            legend={formatDate(start, locale)}
            options={REASONS.map((value) => ({ value, label: t(`desk.reason.${value}`) }))}
            value={reason}
            onChange={setReason}
          />
          {excuse.isError ? <ErrorNote error={excuse.error} /> : null}
          <div className="t-dialog__actions">
            <button
              type="button"
              className="t-primary"
              disabled={reason === null || excuse.isPending}
              onClick={() => {
                if (reason !== null) excuse.mutate({ appointmentId, version, reason });
              }}
              data-testid="excuse-confirm"
            >
              {t('desk.excuse')}
            </button>
          </div>
        </Dialog>
      ) : null}
    </li>
  );
}
