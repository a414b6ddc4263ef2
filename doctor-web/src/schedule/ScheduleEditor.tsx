import { useNotification } from '@cloud-hospital/call/react';
import type { PractitionerRoleId } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AffectedDialog } from './AffectedDialog.tsx';
import { type Draft, EditDrawer } from './EditDrawer.tsx';
import './schedule.css';
import { SidePanel } from './SidePanel.tsx';
import { useScheduleEdit } from './useScheduleEdit.ts';
import { WeekGrid } from './WeekGrid.tsx';

interface ScheduleEditorProps {
  readonly practitionerRoleId: PractitionerRoleId;
  /** Beside the name, e.g. the choice of another specialist. */
  readonly children?: ReactNode;
}

/** One specialist's coming weeks and everything that can be changed about them; for the specialist and the coordinator. */
export function ScheduleEditor({ practitionerRoleId, children }: ScheduleEditorProps) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const editing = useScheduleEdit(practitionerRoleId);
  const schedule = useQuery(query.schedules.read.queryOptions({ input: { practitionerRoleId } }));
  const refetch = () => void queryClient.invalidateQueries({ queryKey: query.schedules.key() });
  useNotification('schedule:changed', refetch);
  useNotification('schedule-change:changed', refetch);
  if (schedule.data === undefined) {
    return schedule.error === null ? (
      <Spin />
    ) : (
      <ErrorNote error={schedule.error} onRetry={() => void schedule.refetch()} />
    );
  }
  const { specialist, today } = schedule.data;
  return (
    <>
      <header className="s-head">
        {children ?? (
          <h2>
            {locale === 'en' && specialist.nameEn !== '' ? specialist.nameEn : specialist.name}{' '}
            <span className="c-secondary">
              {pick(specialist.title)} · {pick(specialist.departmentName)} · {pick(specialist.hospital.name)}
            </span>
          </h2>
        )}
        <span className="s-head__actions">
          <Button onClick={() => setDraft({ kind: 'extra-session', day: today })}>
            {t('schedule.kind.extra-session')}
          </Button>
          <Button type="primary" onClick={() => setDraft({ kind: 'leave', day: today })} data-testid="add-leave">
            {t('schedule.addLeave')}
          </Button>
        </span>
      </header>
      {editing.error !== null && draft === null ? <ErrorNote error={editing.error} /> : null}
      <div className="s-layout">
        <WeekGrid schedule={schedule.data} onOpen={({ date }) => setDraft({ kind: 'leave', day: date })} />
        <SidePanel schedule={schedule.data} editing={editing} onEdit={setDraft} />
      </div>
      <EditDrawer
        key={draft === null ? 'closed' : JSON.stringify(draft)}
        draft={draft}
        today={today}
        home={specialist.hospital}
        editing={editing}
        onChange={setDraft}
      />
      <AffectedDialog
        effect={editing.pending?.effect ?? null}
        busy={editing.busy}
        onConfirm={editing.confirm}
        onClose={editing.dismiss}
      />
    </>
  );
}
