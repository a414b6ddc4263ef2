import type { SlotId } from '@cloud-hospital/protocol';
import type { UnansweredChange } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDateTime, StatusWord, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Select, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HospitalNav } from '../hospital/HospitalNav.tsx';
import { TopBar } from '../layout/TopBar.tsx';
import { useShowError } from '../layout/useShowError.ts';
import { useSignedIn } from '../layout/useSignedIn.ts';
import './schedule.css';

const REFRESH_MS = 30_000;
const MINUTE_MS = 60_000;

/** Booked times that went and nobody has answered for: whom to call, until when, and what to offer them. */
export function UnansweredPage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const { query } = useApi();
  const unanswered = useQuery(query.scheduleChanges.unanswered.queryOptions({ refetchInterval: REFRESH_MS }));
  const changes = unanswered.data?.changes;
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.hospital')}>
        <HospitalNav />
      </TopBar>
      <main className="c-page">
        <p className="c-page__lead">{t('unanswered.lead')}</p>
        {unanswered.error === null ? null : (
          <ErrorNote error={unanswered.error} onRetry={() => void unanswered.refetch()} />
        )}
        {unanswered.isPending ? <Spin /> : null}
        {changes?.length === 0 ? (
          <p className="s-empty" data-testid="nothing-unanswered">
            <StatusWord tone="good">{t('unanswered.none')}</StatusWord>
          </p>
        ) : null}
        {changes === undefined || changes.length === 0 ? null : (
          <table className="c-table s-unanswered">
            <thead>
              <tr>
                <th>{t('unanswered.answerBy')}</th>
                <th>{t('unanswered.appointment')}</th>
                <th>{t('unanswered.resident')}</th>
                <th>{t('unanswered.clinic')}</th>
                <th>{t('unanswered.answer')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <Row key={change.appointmentId} change={change} />
              ))}
            </tbody>
          </table>
        )}
      </main>
    </div>
  );
}

function Row({ change }: { readonly change: UnansweredChange }) {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const pick = usePick();
  const now = useServerNow(MINUTE_MS);
  const minutesLeft = Math.floor((Date.parse(change.answerBy) - now) / MINUTE_MS);
  const isOverdue = minutesLeft < 0;
  return (
    <tr data-testid="unanswered" data-overdue={isOverdue}>
      <td>
        <StatusWord tone={isOverdue ? 'attention' : 'waiting'}>
          {isOverdue
            ? t('unanswered.overdue')
            : minutesLeft < 120
              ? t('common:unit.minutes', { count: minutesLeft })
              : t('common:unit.hours', { count: Math.floor(minutesLeft / 60) })}
        </StatusWord>
        <br />
        <span className="c-secondary">{formatDateTime(change.answerBy, locale)}</span>
      </td>
      <th scope="row">
        {formatDateTime(change.start, locale)}
        <br />
        <span className="c-secondary">
          {change.specialist.name} · {pick(change.specialist.departmentName)} · {t(`unanswered.cause.${change.cause}`)}
        </span>
      </th>
      <td>
        {change.patientName} {change.ticketNumber}
        <br />
        <span className="c-secondary">{change.phoneMasked}</span>
      </td>
      <td>
        {pick(change.clinic.name)}
        <br />
        <a href={`tel:${change.clinic.phone}`}>{change.clinic.phone}</a>
      </td>
      <td>
        <Answer change={change} />
      </td>
    </tr>
  );
}

/** What the resident said on the phone; recorded as given by the coordinator. */
function Answer({ change }: { readonly change: UnansweredChange }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { modal } = App.useApp();
  const showError = useShowError();
  const [slotId, setSlotId] = useState<SlotId | null>(null);
  const answer = useMutation(
    query.scheduleChanges.answer.mutationOptions({
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.scheduleChanges.key() }),
    }),
  );
  const { appointmentId, proposals } = change;
  // Chosen and gone meanwhile.
  const chosen = proposals.find((proposal) => proposal.slotId === slotId)?.slotId ?? null;
  return (
    <div className="s-answer">
      <Select
        aria-label={t('unanswered.choose')}
        placeholder={t(proposals.length === 0 ? 'unanswered.nothing' : 'unanswered.choose')}
        value={chosen}
        onChange={setSlotId}
        options={proposals.map((proposal) => ({
          value: proposal.slotId,
          label: `${formatDateTime(proposal.start, locale)} ${proposal.specialist.name}`,
        }))}
      />
      <Button
        type="primary"
        disabled={chosen === null}
        loading={answer.isPending}
        onClick={() => {
          if (chosen !== null) answer.mutate({ appointmentId, answer: { kind: 'accept', slotId: chosen } });
        }}
        data-testid="coordinator-accept"
      >
        {t('unanswered.accept')}
      </Button>
      <Button
        danger
        disabled={answer.isPending}
        onClick={() => {
          void modal.confirm({
            title: t('unanswered.declineTitle', { name: change.patientName }),
            content: t('unanswered.declineLead'),
            okText: t('unanswered.decline'),
            okButtonProps: { danger: true },
            onOk: () => answer.mutate({ appointmentId, answer: { kind: 'decline' } }),
          });
        }}
      >
        {t('unanswered.decline')}
      </Button>
    </div>
  );
}
