import type { EncounterId, GuestLinkId } from '@cloud-hospital/protocol';
import type { CallPeople } from '@cloud-hospital/protocol/rest';
import { GuestKind } from '@cloud-hospital/protocol/states';
import { formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { QrCode } from '@cloud-hospital/ui/qr';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Radio } from 'antd';
import { Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';

interface GuestDialogProps {
  readonly encounterId: EncounterId;
  readonly people: CallPeople | undefined;
  /** Made before; null: a new one. */
  readonly linkId: GuestLinkId | null;
  readonly onClose: () => void;
}

const PHONE = /^1[3-9]\d{9}$/;
const QR_PX = 240;

/** As whom, and perhaps where to send it; then the code to scan. */
export function GuestDialog({ encounterId, people, linkId, onClose }: GuestDialogProps) {
  const { t } = useTranslation('callPeople');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const [kind, setKind] = useState<GuestKind>('family');
  const [phone, setPhone] = useState('');
  const [made, setMade] = useState(linkId);
  const invite = useMutation(
    query.callPeople.inviteGuest.mutationOptions({
      onError: showError,
      onSuccess: async ({ guestLinkId }) => {
        await queryClient.invalidateQueries({ queryKey: query.callPeople.get.key() });
        setMade(guestLinkId);
      },
    }),
  );
  const link = people?.guests.find(({ guestLinkId }) => guestLinkId === made);
  const isInvalid = phone !== '' && !PHONE.test(phone);
  if (made !== null) {
    return (
      <Modal open title={t('guest.title')} footer={null} onCancel={onClose} width={420}>
        {link === undefined ? null : <Code link={link} />}
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={t('guest.title')}
      okText={t('guest.make')}
      okButtonProps={{ disabled: isInvalid }}
      confirmLoading={invite.isPending}
      cancelText={t('cancel')}
      onCancel={onClose}
      onOk={() => invite.mutate({ encounterId, kind, ...(phone === '' ? {} : { phone }) })}
      width={420}
    >
      <div className="c-people__form">
        <Radio.Group
          aria-label={t('guest.kind')}
          value={kind}
          onChange={({ target }) => setKind(GuestKind.parse(target.value))}
          optionType="button"
          options={GuestKind.options.map((value) => ({ value, label: t(`guest.${value}`) }))}
        />
        <label className="c-people__field">
          <span>{t('guest.phone')}</span>
          <Input
            value={phone}
            inputMode="numeric"
            maxLength={11}
            status={isInvalid ? 'error' : ''}
            onChange={({ target }) => setPhone(target.value.replaceAll(/\D/g, ''))}
          />
        </label>
        {isInvalid ? <p className="c-people__wrong">{t('guest.phoneInvalid')}</p> : null}
      </div>
    </Modal>
  );
}

function Code({ link }: { readonly link: CallPeople['guests'][number] }) {
  const { t } = useTranslation('callPeople');
  const locale = useLocale();
  const [copied, setCopied] = useState(false);
  const copyButton = useRef<HTMLButtonElement>(null);
  // The pressed button is gone: without a place in the dialog, keys would go to the page behind it.
  useEffect(() => copyButton.current?.focus(), []);
  const { kind, openUntil, phoneMasked, link: address } = link;
  if (address === null) return <p role="status">{t('guest.opened', { kind: t(`guest.${kind}`) })}</p>;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address);
    setCopied(true);
  };
  return (
    <div className="c-people__code" data-testid="guest-code" data-link={address}>
      <p>{t('guest.scan')}</p>
      <QrCode text={address} label={t('guest.qr')} className="c-people__qr" size={QR_PX} />
      <p className="c-secondary">
        {t('guest.until', { time: formatTime(openUntil, locale) })}
        {phoneMasked === null ? '' : ` · ${t('guest.sent', { phone: phoneMasked })}`}
      </p>
      <Button
        ref={copyButton}
        icon={<Copy className="ch-icon" aria-hidden />}
        onClick={() => void copy().catch(reportError)}
      >
        {t(copied ? 'guest.copied' : 'guest.copy')}
      </Button>
    </div>
  );
}
