import type { DeskRelation } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

/** Who asks to act for the person before the desk, or does. The card is here, so their word counts. */
export function FamilySection({ identityNumber }: { readonly identityNumber: string }) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const relations = useQuery(query.family.search.queryOptions({ input: { identityNumber }, staleTime: 0 }));
  return (
    <section className="t-desk__section" data-testid="desk-family">
      <h2 className="t-heading-2">{t('desk.family')}</h2>
      {relations.isError ? <ErrorNote error={relations.error} onRetry={() => void relations.refetch()} /> : null}
      {relations.data?.relations.length === 0 ? <p className="t-hint">{t('desk.noFamily')}</p> : null}
      <ul className="t-desk__rows">
        {relations.data?.relations.map((relation) => (
          <Relation key={relation.relatedPersonId} relation={relation} identityNumber={identityNumber} />
        ))}
      </ul>
    </section>
  );
}

interface RelationProps {
  readonly relation: DeskRelation;
  readonly identityNumber: string;
}

function Relation({ relation, identityNumber }: RelationProps) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { relatedPersonId, version, status, historyVisible, holderName, holderPhoneMasked, relationship } = relation;
  const record = useMutation(
    query.family.record.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.family.key() }),
    }),
  );
  const decide = (decision: 'active' | 'rejected' | 'inactive') =>
    record.mutate({ relatedPersonId, version, identityNumber, decision });
  const asks = status === 'proposed';
  const said = { holder: holderName, phone: holderPhoneMasked, relationship: t(`short.${relationship}`) };
  return (
    <li className="t-desk__row" data-testid="desk-relation" data-status={status} data-history={historyVisible}>
      <p className="t-desk__words">
        {t(asks ? 'desk.familyAsks' : 'desk.familyActs', said)}
        {!asks && !historyVisible ? ` ${t('desk.familyLimited')}` : ''}
      </p>
      {record.isError ? <ErrorNote error={record.error} /> : null}
      <div className="t-desk__actions">
        {asks || !historyVisible ? (
          <button
            type="button"
            className="t-secondary"
            disabled={record.isPending}
            onClick={() => decide('active')}
            data-testid="relation-agree"
          >
            {t(asks ? 'desk.familyAgree' : 'desk.familyVerify')}
          </button>
        ) : null}
        <button
          type="button"
          className="t-secondary"
          disabled={record.isPending}
          onClick={() => decide(asks ? 'rejected' : 'inactive')}
          data-testid="relation-end"
        >
          {t(asks ? 'desk.familyRefuse' : 'desk.familyEnd')}
        </button>
      </div>
    </li>
  );
}
