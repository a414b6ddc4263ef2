import { useTranslation } from 'react-i18next';
import { DoctorNav } from '../console/DoctorNav.tsx';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';
import { ScheduleEditor } from './ScheduleEditor.tsx';

/** The specialist's own weeks. */
export function OwnSchedulePage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.schedule')}>
        <DoctorNav />
      </TopBar>
      <main className="c-page">
        {session.practitionerRoleId === null ? null : (
          <ScheduleEditor practitionerRoleId={session.practitionerRoleId} />
        )}
      </main>
    </div>
  );
}
