import type { Encounter } from '@cloud-hospital/protocol/rest';
import { formatTime } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { Button, Input, InputNumber, Tooltip } from 'antd';
import { PenLine } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NoteImages } from '../stills/NoteImages.tsx';
import { DiagnosisList } from './DiagnosisList.tsx';
import { PrescriptionList } from './PrescriptionList.tsx';
import { SignDialog } from './SignDialog.tsx';
import { useEncounter } from './useEncounter.ts';
import { useNoteDraft } from './useNoteDraft.ts';

/** The note, written beside the call and saved by itself, and the signature below it. */
export function NoteSection({ encounter }: { encounter: Encounter }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const draft = useNoteDraft(encounter);
  const chart = useEncounter(encounter.encounterId);
  const [signing, setSigning] = useState(false);
  const id = useId();
  const { content, change } = draft;
  const complete =
    (content.diagnoses.some((diagnosis) => diagnosis.text.trim() !== '') || content.advice.trim() !== '') &&
    content.plainSummary.trim() !== '';
  const finished = encounter.status === 'finished';

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.code === 'Enter' && (event.ctrlKey || event.metaKey) && complete) {
        event.preventDefault();
        setSigning(true);
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [complete]);

  return (
    <section className="c-note" aria-label={t('record.note')}>
      <header className="c-note__head">
        <h2>{t('record.note')}</h2>
        <p role="status" data-status={draft.status} data-testid="note-status">
          {draft.status === 'failing'
            ? t('record.unsaved')
            : draft.status === 'clean'
              ? draft.savedAt === null
                ? ''
                : t('record.saved', { time: formatTime(draft.savedAt, locale) })
              : draft.status === 'conflict'
                ? t('record.conflict')
                : t('record.saving')}
        </p>
        {draft.status === 'conflict' ? (
          <Button
            size="small"
            onClick={() => {
              void chart.refetch().then(({ data }) => {
                const newer = data?.note ?? null;
                if (newer !== null) draft.loadNewer(newer);
              });
            }}
          >
            {t('record.loadNewer')}
          </Button>
        ) : null}
      </header>
      <label className="c-field" htmlFor={`${id}-findings`}>
        {t('record.findings')}
        <Input.TextArea
          id={`${id}-findings`}
          className="c-field__text c-field__text--long"
          maxLength={4000}
          value={content.findings}
          onChange={({ target }) => change({ findings: target.value })}
        />
      </label>
      <DiagnosisList diagnoses={content.diagnoses} onChange={(diagnoses) => change({ diagnoses })} />
      <label className="c-field" htmlFor={`${id}-advice`}>
        {t('record.advice')}
        <Input.TextArea
          id={`${id}-advice`}
          className="c-field__text"
          maxLength={4000}
          value={content.advice}
          onChange={({ target }) => change({ advice: target.value })}
        />
      </label>
      <PrescriptionList prescriptions={content.prescriptions} onChange={(prescriptions) => change({ prescriptions })} />
      <div className="c-note__pair">
        <label className="c-field" htmlFor={`${id}-follow-up`}>
          {t('record.followUpDays')}
          <InputNumber
            id={`${id}-follow-up`}
            min={1}
            max={365}
            precision={0}
            value={content.followUpDays}
            onChange={(followUpDays) => change({ followUpDays })}
          />
        </label>
        <label className="c-field" htmlFor={`${id}-referral`}>
          {t('record.referral')}
          <Input
            id={`${id}-referral`}
            maxLength={400}
            value={content.referral}
            onChange={({ target }) => change({ referral: target.value })}
          />
        </label>
      </div>
      <label className="c-field" htmlFor={`${id}-plain`}>
        {t('record.plainSummary')}
        <Input.TextArea
          id={`${id}-plain`}
          className="c-field__text"
          maxLength={1000}
          placeholder={t('record.plainSummaryHint')}
          value={content.plainSummary}
          onChange={({ target }) => change({ plainSummary: target.value })}
        />
      </label>
      <NoteImages
        encounterId={encounter.encounterId}
        images={content.images ?? []}
        onChange={(images) => change({ images })}
      />
      <footer className="c-note__foot">
        {complete ? null : <p className="c-secondary">{t('record.signIncomplete')}</p>}
        <Tooltip title={t('shortcut.sign')}>
          <Button
            type={finished ? 'primary' : 'default'}
            icon={<PenLine className="ch-icon" aria-hidden />}
            disabled={!complete}
            onClick={() => setSigning(true)}
            data-testid="sign"
          >
            {encounter.report === null ? t('record.sign') : t('record.amend')}
          </Button>
        </Tooltip>
      </footer>
      <SignDialog
        encounterId={encounter.encounterId}
        content={content}
        open={signing}
        onClose={() => setSigning(false)}
      />
    </section>
  );
}
