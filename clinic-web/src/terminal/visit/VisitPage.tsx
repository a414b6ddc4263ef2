import { EncounterId } from '@cloud-hospital/protocol';
import type { Encounter, WorklistItem } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { Armchair, ClipboardPen, FileSignature, HeartPulse, Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { Busy } from '../controls/Busy.tsx';
import { Scroll } from '../controls/Scroll.tsx';
import { VisitExchange } from '../stills/VisitExchange.tsx';
import { useDraft } from '../work/Drafts.tsx';
import { useWorklistItem } from '../work/useWorklist.ts';
import { NextAction } from './NextAction.tsx';
import { type NextStep, nextStep } from './nextStep.ts';
import { PersonHeader } from './PersonHeader.tsx';
import { StalePerson } from './StalePerson.tsx';
import { Steps } from './Steps.tsx';
import { useSetReady, useVisit } from './useVisit.ts';
import { VisitFacts } from './VisitFacts.tsx';
import { VisitRecording } from './VisitRecording.tsx';
import { Waiting } from './Waiting.tsx';

/** The person in hand: where they are on their way, and the one next thing to do. */
export function VisitPage() {
  const parsed = EncounterId.safeParse(useParams()['encounterId']);
  return parsed.success ? <Loaded key={parsed.data} encounterId={parsed.data} /> : <StalePerson />;
}

function Loaded({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation();
  const visit = useVisit(encounterId);
  const item = useWorklistItem((one) => one.encounterId === encounterId);
  if (visit.isError && visit.data === undefined) {
    return visit.error.code === 'NOT_FOUND' ? (
      <StalePerson />
    ) : (
      <div className="t-pane">
        <ErrorNote error={visit.error} onRetry={() => void visit.refetch()} />
      </div>
    );
  }
  if (visit.data === undefined || item === undefined) return <Busy>{t('state.loading')}</Busy>;
  return <Visit visit={visit.data} item={item} />;
}

function Visit({ visit, item }: { readonly visit: Encounter; readonly item: WorklistItem }) {
  const draft = useDraft('visit', visit.encounterId, { vitalsSkipped: false });
  const setReady = useSetReady();
  const next = nextStep({ ...item, vitalsSkipped: draft.value.vitalsSkipped });
  const { encounterId } = visit;
  const ready = (isReady: boolean) => setReady.mutate({ encounterId, ready: isReady });
  return (
    <article className="t-pane" data-testid="visit-page" data-encounter-id={encounterId} data-next={next}>
      <PersonHeader {...visit} back="/" />
      <Steps next={next} />
      <Scroll className="t-pane__body" label={visit.patient.name}>
        {next === 'wait' ? <Waiting item={item} /> : <VisitFacts visit={visit} />}
        {next === 'consent' ? null : <VisitExchange encounterId={encounterId} status={item.status} />}
        <VisitRecording visit={visit} />
        {setReady.isError ? <ErrorNote error={setReady.error} onRetry={() => ready(true)} /> : null}
      </Scroll>
      <VisitAction
        item={item}
        next={next}
        busy={setReady.isPending}
        onReady={ready}
        onSkip={() => draft.change({ vitalsSkipped: true })}
      />
    </article>
  );
}

interface VisitActionProps {
  readonly item: WorklistItem;
  readonly next: NextStep;
  readonly busy: boolean;
  readonly onReady: (ready: boolean) => void;
  readonly onSkip: () => void;
}

function VisitAction({ item, next, busy, onReady, onSkip }: VisitActionProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const navigate = useNavigate();
  const hint = t(`next.hint.${next === 'closed' ? 'cancelled' : next === 'done' ? 'done' : 'consent'}`);
  switch (next) {
    case 'consent':
      return (
        <NextAction
          hint={t('next.hint.consent')}
          primary={
            <Link to="consent" className="t-primary" data-testid="next-consent">
              <FileSignature className="ch-icon" aria-hidden />
              {t('next.consent')}
            </Link>
          }
        />
      );
    case 'vitals':
      return (
        <NextAction
          hint={t('next.hint.vitals')}
          primary={
            <Link to="vitals" className="t-primary" data-testid="next-vitals">
              <HeartPulse className="ch-icon" aria-hidden />
              {t('next.vitals')}
            </Link>
          }
          others={
            <button type="button" className="t-plain" onClick={onSkip} data-testid="skip-vitals">
              {t('next.skipVitals')}
            </button>
          }
        />
      );
    case 'ready':
      return (
        <NextAction
          hint={t('next.hint.ready')}
          primary={
            <button
              type="button"
              className="t-primary"
              onClick={() => onReady(true)}
              disabled={busy}
              data-testid="next-ready"
            >
              <Armchair className="ch-icon" aria-hidden />
              {t('next.ready')}
            </button>
          }
          others={<Others />}
        />
      );
    case 'wait':
      return (
        <NextAction
          hint={t('wait.stay')}
          others={
            <>
              <button
                type="button"
                className="t-plain"
                onClick={() => onReady(false)}
                disabled={busy}
                data-testid="not-ready"
              >
                {t('next.notReady')}
              </button>
              <Others />
            </>
          }
        />
      );
    case 'answer':
    case 'in-call':
      return (
        <NextAction
          hint={t(next === 'answer' ? 'calling.title' : 'call.ongoing', {
            name: item.specialist?.name ?? '',
            ticket: item.ticketNumber,
          })}
        />
      );
    case 'await-report':
      return <NextAction hint={t('next.hint.report-pending')} />;
    case 'print':
      return (
        <NextAction
          hint={t('next.hint.print')}
          primary={
            <button
              type="button"
              className="t-primary"
              onClick={() => void navigate('report')}
              data-testid="next-print"
            >
              <Printer className="ch-icon" aria-hidden />
              {t('next.print')}
            </button>
          }
        />
      );
    case 'done':
      return (
        <NextAction
          hint={hint}
          others={
            item.reportId === null ? undefined : (
              <Link to="report" className="t-plain">
                <ClipboardPen className="ch-icon" aria-hidden />
                {t('report.title')}
              </Link>
            )
          }
        />
      );
    case 'check-in':
    case 'closed':
      return <NextAction hint={hint} />;
  }
}

/** What may still be added or changed before the call. */
function Others() {
  const { t } = useTranslation('terminal');
  return (
    <>
      <Link to="vitals" className="t-plain" data-testid="measure-again">
        {t('next.measureAgain')}
      </Link>
      <Link to="consent" className="t-plain" data-testid="consent-again">
        {t('next.consentAgain')}
      </Link>
    </>
  );
}
