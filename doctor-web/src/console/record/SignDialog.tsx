import type { EncounterId } from '@cloud-hospital/protocol';
import type { NoteContent } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { withoutEmptyLines } from './noteContent.ts';

export interface SignDialogProps {
  readonly encounterId: EncounterId;
  readonly content: NoteContent;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Signing asks for the password again; what is signed is exactly what stands in the note. */
export function SignDialog({ encounterId, content, open, onClose }: SignDialogProps) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState('');
  const id = useId();
  const close = (): void => {
    setPassword('');
    sign.reset();
    onClose();
  };
  const sign = useMutation(
    query.reports.sign.mutationOptions({
      onSuccess: () => {
        close();
        return queryClient.invalidateQueries({ queryKey: query.encounters.get.key({ input: { encounterId } }) });
      },
    }),
  );
  const submit = (): void => {
    if (password !== '') sign.mutate({ encounterId, content: withoutEmptyLines(content), password });
  };
  return (
    <Modal
      open={open}
      title={t('record.signTitle')}
      okText={t('record.signConfirm')}
      okButtonProps={{ disabled: password === '' }}
      confirmLoading={sign.isPending}
      onCancel={close}
      onOk={submit}
      destroyOnHidden
    >
      <p>{t('record.signLead')}</p>
      <label className="c-field" htmlFor={id}>
        {t('signIn.password')}
        <Input.Password
          id={id}
          // The dialog was opened to type exactly this.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          onPressEnter={submit}
        />
      </label>
      {sign.error === null ? null : <ErrorNote error={sign.error} />}
    </Modal>
  );
}
