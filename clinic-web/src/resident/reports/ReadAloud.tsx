import { useElderMode } from '@cloud-hospital/ui';
import { ALargeSmall, Square, Volume2 } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

const subscribe = (listener: () => void) => {
  // Missing in some embedded browsers, whatever the type says.
  if (!('speechSynthesis' in window)) return () => {};
  speechSynthesis.addEventListener('voiceschanged', listener);
  return () => speechSynthesis.removeEventListener('voiceschanged', listener);
};
const chineseVoice = (): SpeechSynthesisVoice | null =>
  'speechSynthesis' in window
    ? (speechSynthesis.getVoices().find(({ lang }) => /^(zh|cmn)([-_](CN|Hans))?/i.test(lang)) ?? null)
    : null;

/** The browser's own Chinese voice reads the report; without one, the largest type does what can be done. */
export function ReadAloud({ text }: { readonly text: readonly string[] }) {
  const { t } = useTranslation('resident');
  const voice = useSyncExternalStore(subscribe, chineseVoice);
  const [elder, setElder] = useElderMode();
  const [reading, setReading] = useState(false);
  useEffect(
    () => () => {
      if ('speechSynthesis' in window) speechSynthesis.cancel();
    },
    [],
  );

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
    speechSynthesis.cancel();
    setReading(false);
  };
  const read = () => {
    speechSynthesis.cancel();
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
    for (const utterance of utterances) speechSynthesis.speak(utterance);
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
