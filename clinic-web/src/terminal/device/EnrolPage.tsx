import type { AppError } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { toAppError } from '@cloud-hospital/ui/api';
import { Delete, KeyRound } from 'lucide-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Pad } from '../controls/Pad.tsx';
import { StartFrame } from '../layout/StartFrame.tsx';
import { CODE_ALPHABET, formatCode, isCompleteCode } from './enrolmentCode.ts';
import { useTerminalIdentity } from './TerminalIdentity.tsx';

const BACKSPACE = 'backspace';

/** Asks once for the administrator's code; from then on the key in this browser is the terminal. */
export function EnrolPage() {
  const { t } = useTranslation('terminal');
  const identity = useTerminalIdentity();
  const [code, setCode] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (text: string) => {
    setError(null);
    setCode(formatCode(text));
  };
  const press = (key: string) =>
    change(key === BACKSPACE ? code.replace('-', '').slice(0, -1) : code.replace('-', '') + key);
  const enrol = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await identity.enrol(code);
    } catch (failure) {
      setError(toAppError(failure));
      setBusy(false);
    }
  };
  const keys = Array.from(CODE_ALPHABET, (character) => ({ value: character, label: character }));
  return (
    <StartFrame>
      <main className="t-enrol" data-testid="enrol-page">
        <form className="t-enrol__text" onSubmit={(event) => void enrol(event)}>
          <div className="t-heading">
            <h1 className="t-title">{t('enrol.title')}</h1>
            <p className="t-lead">{t('enrol.lead')}</p>
          </div>
          <ol className="t-steps-text">
            <li>{t('enrol.step1')}</li>
            <li>{t('enrol.step2')}</li>
            <li>{t('enrol.step3')}</li>
          </ol>
          <label className="t-field">
            <span className="t-label">{t('enrol.code')}</span>
            <input
              className="t-input t-input--code"
              value={code}
              onChange={(event) => change(event.target.value)}
              placeholder="XXXX-XXXX"
              inputMode="none"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              data-testid="enrolment-code"
            />
          </label>
          {error === null ? null : <ErrorNote error={error} />}
          <button
            type="submit"
            className="t-primary"
            disabled={busy || !isCompleteCode(code)}
            data-testid="enrol-submit"
          >
            <KeyRound className="ch-icon" aria-hidden />
            {t(busy ? 'enrol.submitting' : 'enrol.submit')}
          </button>
          <div className="t-aside">
            <button type="button" className="t-plain" onClick={identity.chooseDesk} data-testid="use-as-desk">
              {t('enrol.desk')}
            </button>
            <p className="t-hint">{t('enrol.deskHint')}</p>
          </div>
        </form>
        <div className="t-enrol__pad">
          <Pad
            columns={6}
            label={t('enrol.code')}
            onKey={press}
            disabled={busy}
            keys={[
              ...keys,
              {
                value: BACKSPACE,
                label: <Delete className="ch-icon" aria-hidden />,
                name: t('vitals.backspace'),
                wide: true,
              },
            ]}
          />
        </div>
      </main>
    </StartFrame>
  );
}
