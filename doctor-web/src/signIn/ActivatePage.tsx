import { NEW_PASSWORD_LENGTH } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { StartFrame } from './StartFrame.tsx';

interface Fields {
  readonly username: string;
  readonly code: string;
  readonly password: string;
  readonly again: string;
}

/** As people copy it: small letters and a forgotten dash are fine. */
const asCode = (text: string): string => {
  const letters = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
};
const CODE = /^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/;
const { min, max } = NEW_PASSWORD_LENGTH;

/** All staff, clinics' included: choose a password with the code that the administrator handed over. */
export function ActivatePage() {
  const { t } = useTranslation(['console', 'common']);
  const { query } = useApi();
  const activate = useMutation(query.session.activate.mutationOptions());
  if (activate.isSuccess) {
    return (
      <StartFrame demo={false}>
        <h1>
          <CircleCheck className="ch-icon" aria-hidden /> {t('activate.done')}
        </h1>
        <p className="c-sign-in__lead">{t('activate.doneLead')}</p>
        <p className="c-sign-in__ways">
          <Link to="/doctor">{t('activate.signIn')}</Link>
          <a href="/terminal">{t('activate.terminal')}</a>
        </p>
      </StartFrame>
    );
  }
  return (
    <StartFrame demo={false}>
      <h1>{t('activate.title')}</h1>
      <p className="c-sign-in__lead">{t('activate.lead')}</p>
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={({ username, code, password }) => activate.mutate({ username, code: asCode(code), password })}
      >
        <Form.Item
          name="username"
          label={t('signIn.username')}
          rules={[{ required: true, message: t('signIn.usernameMissing') }]}
        >
          <Input autoComplete="username" autoCapitalize="none" />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('activate.code')}
          rules={[{ required: true, pattern: CODE, transform: asCode, message: t('activate.codeMissing') }]}
        >
          <Input autoComplete="off" autoCapitalize="characters" maxLength={9} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('activate.password')}
          extra={t('activate.passwordHint', { min })}
          rules={[{ required: true, min, message: t('activate.passwordShort', { min }) }]}
        >
          <Input.Password autoComplete="new-password" maxLength={max} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('activate.again')}
          dependencies={['password']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_rule, value) =>
                value === getFieldValue('password')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('activate.different'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={max} />
        </Form.Item>
        {activate.error === null ? null : <ErrorNote error={activate.error} />}
        <Button type="primary" htmlType="submit" block loading={activate.isPending} className="c-sign-in__submit">
          {t('activate.submit')}
        </Button>
      </Form>
    </StartFrame>
  );
}
