import type { CalendarEdit } from '@cloud-hospital/protocol/rest';
import { Button, Input, Segmented } from 'antd';
import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateField, WeekdayField } from '../../schedule/forms.tsx';

interface MarkFormProps {
  readonly today: string;
  readonly busy: boolean;
  readonly onMark: (edit: CalendarEdit) => void;
}

const KINDS = ['holiday', 'working-day'] as const;

/** Marks one more day, or marks a day anew. */
export function MarkForm({ today, busy, onMark }: MarkFormProps) {
  const { t } = useTranslation('console');
  const id = useId();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('holiday');
  const [date, setDate] = useState(today);
  const [zh, setZh] = useState('');
  const [en, setEn] = useState('');
  const [templateWeekday, setTemplateWeekday] = useState(1);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const name = { zh, en };
    onMark({ date, mark: kind === 'holiday' ? { kind, name } : { kind, name, templateWeekday } });
  };
  return (
    <aside className="s-side">
      <section>
        <header className="s-side__head">
          <h2>{t('calendar.mark')}</h2>
        </header>
        <form className="s-form" onSubmit={send}>
          <Segmented
            block
            value={kind}
            onChange={setKind}
            options={KINDS.map((value) => ({ value, label: t(`calendar.${value}`) }))}
          />
          <DateField label={t('calendar.day')} value={date} min={today} onChange={setDate} testId="mark-day" />
          {kind === 'working-day' ? (
            <WeekdayField label={t('calendar.templateWeekday')} value={templateWeekday} onChange={setTemplateWeekday} />
          ) : null}
          <div className="s-field">
            <label htmlFor={`${id}-zh`}>{t('calendar.nameZh')}</label>
            <Input
              id={`${id}-zh`}
              value={zh}
              required
              maxLength={40}
              onChange={({ target }) => setZh(target.value)}
              data-testid="mark-name"
            />
          </div>
          <div className="s-field">
            <label htmlFor={`${id}-en`}>{t('calendar.nameEn')}</label>
            <Input id={`${id}-en`} value={en} maxLength={60} onChange={({ target }) => setEn(target.value)} />
          </div>
          <Button type="primary" htmlType="submit" block loading={busy} data-testid="mark-submit">
            {t('calendar.mark')}
          </Button>
          <p className="c-secondary">{t('schedule.submitHint')}</p>
        </form>
      </section>
    </aside>
  );
}
