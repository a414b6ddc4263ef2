import type { ScheduleException, ScheduleTemplate, ScheduleView } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDate, formatDay, noonOf } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Draft } from './EditDrawer.tsx';
import { WEEKDAYS } from './forms.tsx';
import type { ScheduleEditing } from './useScheduleEdit.ts';

interface SidePanelProps {
  readonly schedule: ScheduleView;
  readonly editing: ScheduleEditing;
  readonly onEdit: (draft: Draft) => void;
}

/** What the weeks come from: the templates, and what differs from them. */
export function SidePanel({ schedule, editing, onEdit }: SidePanelProps) {
  const { t } = useTranslation('console');
  return (
    <aside className="s-side">
      <PhoneVisits schedule={schedule} />
      <section>
        <header className="s-side__head">
          <h2>{t('schedule.exceptions')}</h2>
        </header>
        {schedule.exceptions.length === 0 ? (
          <p className="c-secondary">{t('schedule.noExceptions')}</p>
        ) : (
          <ul>
            {schedule.exceptions.map((exception) => (
              <Exception key={exception.exceptionId} exception={exception} editing={editing} />
            ))}
          </ul>
        )}
      </section>
      <section>
        <header className="s-side__head">
          <h2>{t('schedule.templates')}</h2>
          <Button size="small" onClick={() => onEdit({ kind: 'set-template', template: null })}>
            {t('schedule.addTemplate')}
          </Button>
        </header>
        {schedule.templates.length === 0 ? <p className="c-secondary">{t('schedule.noTemplates')}</p> : null}
        <ul>
          {schedule.templates.map((template) => (
            <Template
              key={template.scheduleId}
              template={template}
              schedule={schedule}
              editing={editing}
              onEdit={onEdit}
            />
          ))}
        </ul>
      </section>
    </aside>
  );
}

/** Whether residents may choose to be seen at their own phone. */
function PhoneVisits({ schedule }: { readonly schedule: ScheduleView }) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { practitionerRoleId } = schedule.specialist;
  const set = useMutation(
    query.schedules.setPhoneVisits.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.schedules.key() }),
    }),
  );
  return (
    <section>
      <label className="s-side__head">
        <strong>{t('schedule.phoneVisits')}</strong>
        <Switch
          checked={schedule.phoneVisits}
          loading={set.isPending}
          onChange={(allowed) => set.mutate({ practitionerRoleId, allowed })}
          data-testid="phone-visits"
        />
      </label>
      <p className="c-secondary">{t('schedule.phoneVisitsHint')}</p>
      {set.isError ? <ErrorNote error={set.error} /> : null}
    </section>
  );
}

function Exception({
  exception,
  editing,
}: {
  readonly exception: ScheduleException;
  readonly editing: ScheduleEditing;
}) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { exceptionId, kind, firstDay, lastDay, startTime, endTime, reason } = exception;
  const days =
    firstDay === lastDay
      ? formatDay(noonOf(firstDay), locale)
      : `${formatDay(noonOf(firstDay), locale)} – ${formatDay(noonOf(lastDay), locale)}`;
  return (
    <li className="s-side__row">
      <span>
        <strong>
          {days} {t(`schedule.kind.${kind}`)}
        </strong>
        {startTime === null || endTime === null ? '' : ` ${startTime}–${endTime}`}
        <br />
        <span className="c-secondary">{reason}</span>
      </span>
      <Button
        size="small"
        disabled={editing.busy}
        onClick={() => editing.submit({ kind: 'withdraw-exception', exceptionId })}
        data-testid="withdraw-exception"
      >
        {t('schedule.withdraw')}
      </Button>
    </li>
  );
}

interface TemplateProps extends SidePanelProps {
  readonly template: ScheduleTemplate;
}

function Template({ template, schedule, editing, onEdit }: TemplateProps) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const pick = usePick();
  const { modal } = App.useApp();
  const { scheduleId, weekday, startTime, endTime, slotMinutes, walkInCapacity, hospital, effectiveFrom, effectiveTo } =
    template;
  const name = `${t(`weekday.${WEEKDAYS.find((one) => one === weekday) ?? 1}`)} ${startTime}–${endTime}`;
  const notes = [
    t('schedule.each', { minutes: slotMinutes, walkIns: walkInCapacity }),
    hospital.organizationId === schedule.specialist.hospital.organizationId ? null : pick(hospital.name),
    template.onHolidays ? t('schedule.onHolidaysShort') : null,
    effectiveFrom > schedule.today ? t('schedule.holdsFrom', { day: formatDate(noonOf(effectiveFrom), locale) }) : null,
    effectiveTo === null ? null : t('schedule.holdsTo', { day: formatDate(noonOf(effectiveTo), locale) }),
  ].filter((note) => note !== null);
  return (
    <li className="s-side__row">
      <span>
        <strong>{name}</strong>
        <br />
        <span className="c-secondary">{notes.join(' · ')}</span>
      </span>
      <span className="s-side__buttons">
        <Button size="small" disabled={editing.busy} onClick={() => onEdit({ kind: 'set-template', template })}>
          {t('schedule.change')}
        </Button>
        <Button
          size="small"
          disabled={editing.busy}
          onClick={() => {
            void modal.confirm({
              title: t('schedule.endTitle', { name }),
              content: t('schedule.endLead'),
              okText: t('schedule.end'),
              onOk: () => editing.submit({ kind: 'end-template', scheduleId, lastDay: schedule.today }),
            });
          }}
        >
          {t('schedule.end')}
        </Button>
      </span>
    </li>
  );
}
