import type { AppError } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi, useSessionStarted } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { StartFrame } from './StartFrame.tsx';

interface Fields {
  readonly username: string;
  readonly password: string;
  readonly totp?: string;
}

const asksSecondFactor = (error: AppError | null): boolean => error?.code === 'SECOND_FACTOR_REQUIRED';

/** User name, password, and the one-time code once the account turns out to have a second factor. */
export function SignInPage({ demo }: { demo: boolean }) {
  const { t } = useTranslation(['console', 'common']);
  const { query } = useApi();
  const started = useSessionStarted();
  const [withCode, setWithCode] = useState(false);
  const signIn = useMutation(
    query.session.signInStaff.mutationOptions({
      onSuccess: (session) => started(session),
      onError: (error) => {
        if (asksSecondFactor(error)) setWithCode(true);
      },
    }),
  );
  return (
    <StartFrame demo={demo}>
      <h1>{t('signIn.title')}</h1>
      <p className="c-sign-in__lead">{t('signIn.lead')}</p>
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={(fields) =>
          signIn.mutate({
            username: fields.username,
            password: fields.password,
            ...(withCode && fields.totp !== undefined ? { totp: fields.totp } : {}),
          })
        }
      >
        <Form.Item
          name="username"
          label={t('signIn.username')}
          rules={[{ required: true, message: t('signIn.usernameMissing') }]}
        >
          <Input autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.passwordMissing') }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {withCode ? (
          <Form.Item
            name="totp"
            label={t('signIn.code')}
            extra={t('signIn.codeHint')}
            rules={[{ required: true, pattern: /^\d{6}$/, message: t('signIn.codeMissing') }]}
          >
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
          </Form.Item>
        ) : null}
        {signIn.error === null || (asksSecondFactor(signIn.error) && signIn.variables?.totp === undefined) ? null : (
          <ErrorNote error={signIn.error} />
        )}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending} className="c-sign-in__submit">
          {t('common:action.signIn')}
        </Button>
      </Form>
      <p className="c-sign-in__other">
        <Link to="/activate">{t('activate.link')}</Link>
      </p>
    </StartFrame>
  );
}
