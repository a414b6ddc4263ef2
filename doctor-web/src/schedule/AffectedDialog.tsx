import type { ScheduleEffect } from '@cloud-hospital/protocol/rest';
import { formatDateTime } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

interface AffectedDialogProps {
  /** Null: closed. */
  readonly effect: ScheduleEffect | null;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Whose booked times go, before they go, and what happens with them. */
export function AffectedDialog({ effect, busy, onConfirm, onClose }: AffectedDialogProps) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const pick = usePick();
  const count = effect?.affected.length ?? 0;
  return (
    <Modal
      open={effect !== null}
      width={640}
      title={t('schedule.affectedTitle', { count })}
      okText={t('schedule.affectedConfirm', { count })}
      okButtonProps={{ danger: true, 'data-testid': 'confirm-affected' }}
      confirmLoading={busy}
      onOk={onConfirm}
      onCancel={onClose}
      destroyOnHidden
    >
      <p>{t('schedule.affectedLead')}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className="s-affected" tabIndex={0} aria-label={t('schedule.affectedTitle', { count })}>
        <table className="c-table">
          <thead>
            <tr>
              <th>{t('schedule.time')}</th>
              <th>{t('schedule.who')}</th>
              <th>{t('schedule.clinic')}</th>
            </tr>
          </thead>
          <tbody>
            {effect?.affected.map((one) => (
              <tr key={one.appointmentId} data-testid="affected">
                <td>{formatDateTime(one.start, locale)}</td>
                <td>
                  {one.ticketNumber} {one.patientName ?? one.specialistName}
                  {one.checkedIn ? <strong> · {t('schedule.checkedIn')}</strong> : null}
                </td>
                <td>{pick(one.clinicName)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Modal>
  );
}
