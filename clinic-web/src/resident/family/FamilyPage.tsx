import type { RelatedPerson, Representative } from '@cloud-hospital/protocol/rest';
import { ErrorNote, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import './family.css';

/** Whom I act for, and who acts for me; each can be ended here, at once. */
export function FamilyPage() {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const family = useQuery(query.family.list.queryOptions());
  return (
    <Page title={t('family.title')} lead={t('family.lead')} back="/">
      <QueryState query={family}>
        {({ members, representatives }) => (
          <>
            <section className="r-section">
              <h2 className="r-section__title">{t('family.members')}</h2>
              {members.length === 0 ? <p className="r-empty">{t('family.none')}</p> : null}
              {members.map((member) => (
                <Member key={member.relatedPersonId} member={member} />
              ))}
            </section>
            <section className="r-section">
              <h2 className="r-section__title">{t('family.representatives')}</h2>
              {representatives.length === 0 ? <p className="r-muted">{t('family.representativesNone')}</p> : null}
              {representatives.map((one) => (
                <ActsForMe key={one.relatedPersonId} representative={one} />
              ))}
            </section>
            <div className="r-bar">
              <Link to="/family/add" className="r-primary" data-testid="add-member">
                <UserPlus className="ch-icon" aria-hidden />
                {t('family.add')}
              </Link>
            </div>
          </>
        )}
      </QueryState>
    </Page>
  );
}

function Member({ member }: { readonly member: RelatedPerson }) {
  const { t } = useTranslation('people');
  const { name, relationship, identityMasked, status, phoneMasked, historyVisible, patientId } = member;
  const isActive = status === 'active';
  const byCode = phoneMasked !== '';
  return (
    <article className="r-card f-member" data-testid="member" data-status={status}>
      <div>
        <h3 className="f-member__name r-keep">
          {name} <span className="f-member__relation">{t(`short.${relationship}`)}</span>
        </h3>
        <p className="r-muted r-small">{identityMasked}</p>
      </div>
      <StatusWord tone={isActive ? 'good' : 'waiting'}>
        {t(isActive ? 'family.active' : byCode ? 'family.waitingCode' : 'family.waitingDesk')}
      </StatusWord>
      {isActive && !historyVisible ? <p className="r-muted r-small">{t('family.limited')}</p> : null}
      {isActive ? null : (
        <p className="r-muted r-small">{byCode ? t('family.codeSent', { phone: phoneMasked }) : t('family.deskHow')}</p>
      )}
      {isActive && patientId !== null ? (
        <Link to={`/book/department?who=${patientId}`} className="r-secondary r-wide" data-testid="book-for">
          {t('family.book')}
        </Link>
      ) : null}
      {!isActive && byCode ? (
        <Link to={`/family/${member.relatedPersonId}/code`} className="r-secondary r-wide" data-testid="enter-code">
          {t('family.enterCode')}
        </Link>
      ) : null}
      <EndRelation
        relation={member}
        ask={t(isActive ? 'family.end' : 'family.withdraw')}
        title={t('family.endTitle', { name })}
        body={t('family.endBody', { name })}
      />
    </article>
  );
}

function ActsForMe({ representative }: { readonly representative: Representative }) {
  const { t } = useTranslation('people');
  const { name, phoneMasked } = representative;
  return (
    <article className="r-card f-member" data-testid="representative">
      <div>
        <h3 className="f-member__name r-keep">{name}</h3>
        <p className="r-muted r-small">{phoneMasked}</p>
      </div>
      <p className="r-muted">{t('family.representative')}</p>
      <EndRelation
        relation={representative}
        ask={t('family.end')}
        title={t('family.endRepresentativeTitle', { name })}
        body={t('family.endRepresentativeBody', { name })}
      />
    </article>
  );
}

interface EndRelationProps {
  readonly relation: Pick<RelatedPerson, 'relatedPersonId' | 'version'>;
  readonly ask: ReactNode;
  readonly title: string;
  readonly body: string;
}

/** Asked twice, in place, with what it means. */
function EndRelation({ relation: { relatedPersonId, version }, ask, title, body }: EndRelationProps) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useMutation(
    query.family.end.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(),
    }),
  );
  if (!asking) {
    return (
      <button type="button" className="r-plain" onClick={() => setAsking(true)} data-testid="end-relation">
        {ask}
      </button>
    );
  }
  return (
    <div className="f-ask">
      <p className="r-row__title">{title}</p>
      <p>{body}</p>
      {end.isError ? <ErrorNote error={end.error} /> : null}
      <button
        type="button"
        className="r-secondary r-secondary--danger r-wide"
        disabled={end.isPending}
        onClick={() => end.mutate({ relatedPersonId, version })}
        data-testid="end-confirm"
      >
        {end.isPending ? t('common:state.sending') : t('family.endConfirm')}
      </button>
      <button type="button" className="r-plain" disabled={end.isPending} onClick={() => setAsking(false)}>
        {t('family.keep')}
      </button>
    </div>
  );
}
