import { useElderMode } from '@cloud-hospital/ui';
import { ALargeSmall, Square, Volume2 } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

/** Missing in some embedded browsers. */
const speech: SpeechSynthesis | undefined = 'speechSynthesis' in window ? window.speechSynthesis : undefined;

const subscribe = (listener: () => void) => {
  speech?.addEventListener('voiceschanged', listener);
  return () => speech?.removeEventListener('voiceschanged', listener);
};
const chineseVoice = (): SpeechSynthesisVoice | null =>
  speech?.getVoices().find(({ lang }) => /^(zh|cmn)([-_](CN|Hans))?/i.test(lang)) ?? null;

/** The browser's own Chinese voice reads the report; without one, the largest type does what can be done. */
export function ReadAloud({ text }: { readonly text: readonly string[] }) {
  const { t } = useTranslation('resident');
  const voice = useSyncExternalStore(subscribe, chineseVoice);
  const [elder, setElder] = useElderMode();
  const [reading, setReading] = useState(false);
  useEffect(() => () => speech?.cancel(), []);

  if (voice === null) {
    return elder === 'max' ? null : (
      <div className="p-voice ch-screen-only">
        <button type="button" className="r-secondary r-wide" onClick={() => setElder('max')} data-testid="read-large">
          <ALargeSmall className="ch-icon" aria-hidden />
          {t('report.readLarge')}
        </button>
        <p className="r-muted r-small">{t('report.noVoice')}</p>
      </div>
    );
  }
  const stop = () => {
    speech?.cancel();
    setReading(false);
  };
  const read = () => {
    speech?.cancel();
    // One utterance a sentence: long ones are cut off by some browsers.
    const utterances = text.map((part) => {
      const utterance = new SpeechSynthesisUtterance(part);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = 0.85;
      return utterance;
    });
    const last = utterances.at(-1);
    if (last !== undefined) last.onend = () => setReading(false);
    for (const utterance of utterances) speech?.speak(utterance);
    setReading(true);
  };
  return (
    <button
      type="button"
      className="r-secondary r-wide ch-screen-only"
      onClick={reading ? stop : read}
      aria-pressed={reading}
      data-testid="read-aloud"
    >
      {reading ? <Square className="ch-icon" aria-hidden /> : <Volume2 className="ch-icon" aria-hidden />}
      {t(reading ? 'report.stopReading' : 'report.readAloud')}
    </button>
  );
}
