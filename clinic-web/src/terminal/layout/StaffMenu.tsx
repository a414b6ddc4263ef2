import type { Session } from '@cloud-hospital/protocol/rest';
import { ElderSwitch, LanguageSwitch } from '@cloud-hospital/ui';
import { useSignOut } from '@cloud-hospital/ui/api';
import { Gauge, LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Dialog } from '../controls/Dialog.tsx';
import { useClearDrafts } from '../work/Drafts.tsx';

/** Tells the sign-in page that nothing was lost and nobody was thrown out. */
export const SIGNED_OUT_HERE = 'signed-out-here';

/** Who is signed in, and the few things that are set on this screen. */
export function StaffMenu({ session, onClose }: { readonly session: Session; readonly onClose: () => void }) {
  const { t } = useTranslation(['terminal', 'common']);
  const navigate = useNavigate();
  const signOut = useSignOut();
  const clearDrafts = useClearDrafts();
  return (
    <Dialog title={t('menu.title')} onClose={onClose} testId="staff-menu">
      <p className="t-lead">
        {session.displayName} · {t(`common:role.${session.role}`)}
      </p>
      <div className="t-menu">
        <LanguageSwitch />
        <ElderSwitch />
        {session.device === null ? null : (
          <button
            type="button"
            className="ch-quiet-button"
            onClick={() => {
              onClose();
              void navigate('/self-test');
            }}
            data-testid="open-self-test"
          >
            <Gauge className="ch-icon" aria-hidden />
            {t('menu.selfTest')}
          </button>
        )}
      </div>
      <button
        type="button"
        className="t-secondary"
        disabled={signOut.isPending}
        onClick={() =>
          signOut.mutate(
            {},
            {
              onSuccess: () => {
                clearDrafts();
                void navigate('/', { state: SIGNED_OUT_HERE });
              },
            },
          )
        }
        data-testid="sign-out"
      >
        <LogOut className="ch-icon" aria-hidden />
        {t('menu.signOut')}
      </button>
    </Dialog>
  );
}
