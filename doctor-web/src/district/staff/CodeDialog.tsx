import type { ActivationCodeIssued } from '@cloud-hospital/protocol/rest';
import { formatDateTime } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';

/** Shown once: what is handed over to the person. */
export function CodeDialog({
  issued,
  onClose,
}: {
  readonly issued: ActivationCodeIssued;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const address = `${window.location.origin}/activate`;
  return (
    <Modal
      open
      title={t('staff.codeTitle')}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('staff.done')}
        </Button>
      }
    >
      <dl className="c-code">
        <dt>{t('staff.username')}</dt>
        <dd>{issued.username}</dd>
        <dt>{t('staff.codeTitle')}</dt>
        <dd className="c-terminal__code" data-testid="activation-code">
          {issued.code}
        </dd>
      </dl>
      <p>{t('staff.codeLead', { address })}</p>
      <p className="c-secondary">{t('staff.codeUntil', { time: formatDateTime(issued.expiresAt, locale) })}</p>
    </Modal>
  );
}
