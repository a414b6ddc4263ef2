import type { HospitalRef, ScheduleEdit, ScheduleTemplate } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Drawer, Segmented, Select } from 'antd';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateField, NumberField, ReasonField, TimeField, WeekdayField } from './forms.tsx';
import type { ScheduleEditing } from './useScheduleEdit.ts';

/** What is being entered, and from where it was opened. */
export type Draft =
  | { readonly kind: 'leave' | 'shortened-day' | 'extra-session'; readonly day: string }
  | { readonly kind: 'set-template'; readonly template: ScheduleTemplate | null };

interface EditDrawerProps {
  readonly draft: Draft | null;
  readonly today: string;
  readonly home: HospitalRef;
  readonly editing: ScheduleEditing;
  readonly onChange: (draft: Draft | null) => void;
}

const EXCEPTIONS = ['leave', 'shortened-day', 'extra-session'] as const;

/** One form for each way to change a schedule; opened on a day, it knows the day. */
export function EditDrawer({ draft, today, home, editing, onChange }: EditDrawerProps) {
  const { t } = useTranslation('console');
  const close = () => onChange(null);
  const send = (edit: ScheduleEdit) => editing.submit(edit, close);
  const form = { today, home, send };
  return (
    <Drawer
      open={draft !== null}
      onClose={close}
      size={400}
      styles={{ mask: { background: 'rgb(20 33 43 / 18%)' } }}
      destroyOnHidden
      title={draft === null ? '' : t(`schedule.kind.${draft.kind}`)}
    >
      {draft === null ? null : (
        <div className="s-edit">
          {draft.kind === 'set-template' ? null : (
            <Segmented
              block
              value={draft.kind}
              onChange={(kind) => onChange({ kind, day: draft.day })}
              options={EXCEPTIONS.map((kind) => ({ value: kind, label: t(`schedule.kind.${kind}`) }))}
            />
          )}
          {draft.kind === 'leave' ? <LeaveForm {...form} day={draft.day} busy={editing.busy} /> : null}
          {draft.kind === 'shortened-day' ? <ShortenForm {...form} day={draft.day} busy={editing.busy} /> : null}
          {draft.kind === 'extra-session' ? <ExtraForm {...form} day={draft.day} busy={editing.busy} /> : null}
          {draft.kind === 'set-template' ? (
            <TemplateForm {...form} template={draft.template} busy={editing.busy} />
          ) : null}
          {editing.error === null ? null : <EditError editing={editing} />}
        </div>
      )}
    </Drawer>
  );
}

const REASONS = ['past', 'overlaps', 'before-start', 'longer-than-session', 'too-far', 'already-ended'] as const;

function EditError({ editing: { error } }: { readonly editing: ScheduleEditing }) {
  const { t } = useTranslation('console');
  const reason = REASONS.find((one) => one === error?.details?.['reason']);
  if (error === null) return null;
  return reason === undefined ? (
    <ErrorNote error={error} />
  ) : (
    <p className="ch-note ch-note--danger" role="alert">
      {t(`schedule.wrong.${reason}`)}
    </p>
  );
}

interface FormProps {
  readonly today: string;
  readonly home: HospitalRef;
  readonly busy: boolean;
  readonly send: (edit: ScheduleEdit) => void;
}

function Form({ busy, onSend, children }: { busy: boolean; onSend: () => void; children: ReactNode }) {
  const { t } = useTranslation('console');
  return (
    <form
      className="s-form"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
      <Button type="primary" htmlType="submit" size="large" block loading={busy} data-testid="schedule-submit">
        {t('schedule.submit')}
      </Button>
      <p className="c-secondary">{t('schedule.submitHint')}</p>
    </form>
  );
}

function LeaveForm({ today, day, busy, send }: FormProps & { readonly day: string }) {
  const { t } = useTranslation('console');
  const [firstDay, setFirstDay] = useState(day);
  const [lastDay, setLastDay] = useState(day);
  const [whole, setWhole] = useState(true);
  const [startTime, setStartTime] = useState('08:00');
  const [endTime, setEndTime] = useState('12:00');
  const [reason, setReason] = useState('');
  return (
    <Form
      busy={busy}
      onSend={() => send({ kind: 'leave', firstDay, lastDay, hours: whole ? null : { startTime, endTime }, reason })}
    >
      <div className="s-pair">
        <DateField
          label={t('schedule.firstDay')}
          value={firstDay}
          min={today}
          onChange={(value) => {
            setFirstDay(value);
            if (lastDay < value) setLastDay(value);
          }}
          testId="leave-first"
        />
        <DateField
          label={t('schedule.lastDay')}
          value={lastDay}
          min={firstDay}
          onChange={setLastDay}
          testId="leave-last"
        />
      </div>
      <Checkbox checked={whole} onChange={({ target }) => setWhole(target.checked)}>
        {t('schedule.wholeDays')}
      </Checkbox>
      {whole ? null : (
        <div className="s-pair">
          <TimeField label={t('schedule.from')} value={startTime} onChange={setStartTime} />
          <TimeField label={t('schedule.to')} value={endTime} onChange={setEndTime} />
        </div>
      )}
      <ReasonField value={reason} onChange={setReason} />
    </Form>
  );
}

function ShortenForm({ today, day: first, busy, send }: FormProps & { readonly day: string }) {
  const { t } = useTranslation('console');
  const [day, setDay] = useState(first);
  const [startTime, setStartTime] = useState('08:00');
  const [endTime, setEndTime] = useState('10:00');
  const [reason, setReason] = useState('');
  return (
    <Form busy={busy} onSend={() => send({ kind: 'shortened-day', day, startTime, endTime, reason })}>
      <DateField label={t('schedule.day')} value={day} min={today} onChange={setDay} />
      <p className="c-secondary">{t('schedule.shortenLead')}</p>
      <div className="s-pair">
        <TimeField label={t('schedule.from')} value={startTime} onChange={setStartTime} />
        <TimeField label={t('schedule.to')} value={endTime} onChange={setEndTime} />
      </div>
      <ReasonField value={reason} onChange={setReason} />
    </Form>
  );
}

/** Length of a slot, walk-ins, place: what a session needs, however it came about. */
function useSession(home: HospitalRef, template: ScheduleTemplate | null) {
  const [startTime, setStartTime] = useState(template?.startTime ?? '14:00');
  const [endTime, setEndTime] = useState(template?.endTime ?? '17:00');
  const [slotMinutes, setSlotMinutes] = useState(template?.slotMinutes ?? 15);
  const [walkInCapacity, setWalkInCapacity] = useState(template?.walkInCapacity ?? 4);
  const [place, setPlace] = useState(template?.hospital.organizationId ?? home.organizationId);
  const organizationId = place === home.organizationId ? null : place;
  return {
    values: { startTime, endTime, slotMinutes, walkInCapacity, organizationId },
    fields: { setStartTime, setEndTime, setSlotMinutes, setWalkInCapacity, place, setPlace },
  };
}

function SessionFields({ values, fields }: ReturnType<typeof useSession>) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const { query } = useApi();
  const hospitals = useQuery(query.directory.hospitals.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  return (
    <>
      <div className="s-pair">
        <TimeField label={t('schedule.from')} value={values.startTime} onChange={fields.setStartTime} />
        <TimeField label={t('schedule.to')} value={values.endTime} onChange={fields.setEndTime} />
      </div>
      <div className="s-pair">
        <NumberField
          label={t('schedule.slotMinutes')}
          value={values.slotMinutes}
          min={5}
          max={120}
          onChange={fields.setSlotMinutes}
        />
        <NumberField
          label={t('schedule.walkIns')}
          value={values.walkInCapacity}
          min={0}
          max={500}
          onChange={fields.setWalkInCapacity}
        />
      </div>
      <div className="s-field">
        <label htmlFor="schedule-place">{t('schedule.place')}</label>
        <Select
          id="schedule-place"
          value={fields.place}
          onChange={fields.setPlace}
          loading={hospitals.isPending}
          options={hospitals.data?.hospitals.map(({ organizationId, name }) => ({
            value: organizationId,
            label: pick(name),
          }))}
        />
      </div>
    </>
  );
}

function ExtraForm({ today, home, day: first, busy, send }: FormProps & { readonly day: string }) {
  const { t } = useTranslation('console');
  const [day, setDay] = useState(first);
  const [reason, setReason] = useState('');
  const session = useSession(home, null);
  return (
    <Form busy={busy} onSend={() => send({ kind: 'extra-session', day, reason, ...session.values })}>
      <DateField label={t('schedule.day')} value={day} min={today} onChange={setDay} />
      <SessionFields {...session} />
      <ReasonField value={reason} onChange={setReason} />
    </Form>
  );
}

function TemplateForm({
  today,
  home,
  template,
  busy,
  send,
}: FormProps & { readonly template: ScheduleTemplate | null }) {
  const { t } = useTranslation('console');
  const [weekday, setWeekday] = useState(template?.weekday ?? 1);
  const [effectiveFrom, setEffectiveFrom] = useState(
    template !== null && template.effectiveFrom > today ? template.effectiveFrom : today,
  );
  const [onHolidays, setOnHolidays] = useState(template?.onHolidays ?? false);
  const session = useSession(home, template);
  return (
    <Form
      busy={busy}
      onSend={() =>
        send({
          kind: 'set-template',
          scheduleId: template?.scheduleId ?? null,
          weekday,
          effectiveFrom,
          effectiveTo: template?.effectiveTo ?? null,
          onHolidays,
          ...session.values,
        })
      }
    >
      <WeekdayField label={t('schedule.weekday')} value={weekday} onChange={setWeekday} />
      <SessionFields {...session} />
      <DateField label={t('schedule.effectiveFrom')} value={effectiveFrom} min={today} onChange={setEffectiveFrom} />
      <Checkbox checked={onHolidays} onChange={({ target }) => setOnHolidays(target.checked)}>
        {t('schedule.onHolidays')}
      </Checkbox>
    </Form>
  );
}
