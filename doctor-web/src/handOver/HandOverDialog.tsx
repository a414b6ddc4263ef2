import type { PractitionerRoleId } from '@cloud-hospital/protocol';
import type { HandOverReason, QueueEntryView, Substitute } from '@cloud-hospital/protocol/rest';
import { AVAILABILITY_TONE, StatusWord } from '@cloud-hospital/ui';
import { usePick } from '@cloud-hospital/ui/i18n';
import { Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHandOver } from './useHandOver.ts';

const POOL = 'pool';
const REASONS = [
  'workload',
  'specialist-late',
  'clinical',
  'resident-request',
  'other',
] as const satisfies HandOverReason[];

export interface HandOverDialogProps {
  readonly entry: Pick<QueueEntryView, 'queueEntryId' | 'version' | 'ticketNumber'> & {
    /** Then only to whoever sees residents so. */
    readonly byPhone: boolean;
  };
  /** Colleagues of the department, whoever can take over soonest first. */
  readonly substitutes: readonly Substitute[];
  /** Whether the pool is a choice. */
  readonly pool: boolean;
  /** Chosen already, by dropping a card; null: the pool. Undefined: nothing chosen. */
  readonly target?: PractitionerRoleId | null | undefined;
  readonly onClose: () => void;
}

/** To whom, and why: the same on the console and on the board. */
export function HandOverDialog({ entry, substitutes, pool, target, onClose }: HandOverDialogProps) {
  const { t } = useTranslation();
  const pick = usePick();
  const [to, setTo] = useState<string | null>(target === undefined ? null : (target ?? POOL));
  const [reason, setReason] = useState<HandOverReason>('workload');
  const handOver = useHandOver(onClose);
  const isFor = ({ phoneVisits }: Substitute): boolean => phoneVisits || !entry.byPhone;
  const chosen = substitutes.find((one) => one.practitionerRoleId === to && isFor(one));
  const offersPool = pool && !entry.byPhone;
  const nobody = !substitutes.some(isFor) && !offersPool;
  const lead = entry.byPhone ? 'handOver.byPhone' : nobody ? 'handOver.nobody' : 'handOver.hint';
  const send = (): void => {
    const { queueEntryId, version } = entry;
    if (to === POOL && offersPool) handOver.mutate({ queueEntryId, version, practitionerRoleId: null, reason });
    else if (chosen !== undefined) {
      handOver.mutate({ queueEntryId, version, practitionerRoleId: chosen.practitionerRoleId, reason });
    }
  };
  return (
    <Modal
      open
      title={t('handOver.titleTicket', { ticket: entry.ticketNumber })}
      okText={t('handOver.confirm')}
      okButtonProps={{ disabled: chosen === undefined && !(to === POOL && offersPool) }}
      confirmLoading={handOver.isPending}
      onCancel={onClose}
      onOk={send}
      data-testid="hand-over"
    >
      <p className="c-secondary">{t(lead)}</p>
      <Radio.Group className="c-hand-over" value={to} onChange={({ target: { value } }) => setTo(String(value))}>
        {substitutes.map((one) => (
          <Radio key={one.practitionerRoleId} value={one.practitionerRoleId} disabled={!isFor(one)}>
            <span className="c-hand-over__who">
              <strong>{pick(one.name)}</strong>
              <StatusWord tone={AVAILABILITY_TONE[one.availability]}>
                {t(`availability.${one.availability}`)}
              </StatusWord>
              <span className="c-secondary">
                {isFor(one) ? t('handOver.waiting', { count: one.waiting }) : t('handOver.notByPhone')} ·{' '}
                {pick(one.hospitalName)}
              </span>
            </span>
          </Radio>
        ))}
        {offersPool ? <Radio value={POOL}>{t('handOver.pool')}</Radio> : null}
      </Radio.Group>
      <h3 className="c-hand-over__why">{t('handOver.why')}</h3>
      <Radio.Group
        optionType="button"
        value={reason}
        options={REASONS.map((value) => ({ value, label: t(`handOver.reason.${value}`) }))}
        onChange={({ target: { value } }) => setReason(REASONS.find((known) => known === value) ?? 'other')}
      />
    </Modal>
  );
}
