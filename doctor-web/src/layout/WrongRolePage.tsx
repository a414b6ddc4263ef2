import { useSignOut } from '@cloud-hospital/ui/api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** Clinic staff signed in here by mistake: their work is at the terminal. */
export function WrongRolePage() {
  const { t } = useTranslation(['console', 'common']);
  const signOut = useSignOut();
  return (
    <main className="c-centre">
      <h1>{t('wrongRole.title')}</h1>
      <p>{t('wrongRole.advice')}</p>
      <p>
        <a href="/terminal">{t('wrongRole.terminal')}</a>
      </p>
      <Button onClick={() => signOut.mutate({})}>{t('common:action.signOut')}</Button>
    </main>
  );
}
