import type { Encounter } from '@cloud-hospital/protocol/rest';
import { speak } from '@cloud-hospital/call/react';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { Volume2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Scroll } from '../controls/Scroll.tsx';

/** What the resident agrees to, in large type and, where the browser has the voice, read aloud. */
export function ConsentText({ visit }: { readonly visit: Encounter }) {
  const { t } = useTranslation('terminal');
  const locale = useLocale();
  const pick = usePick();
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const { specialist } = visit;
  const department = pick(visit.departmentName);
  const by =
    specialist === null
      ? t('consent.textPool', { department })
      : t('consent.text1', {
          hospital: pick(specialist.hospital.name),
          department,
          specialist: locale === 'en' && specialist.nameEn !== '' ? specialist.nameEn : specialist.name,
        });
  const paragraphs = [by, t('consent.text2'), t('consent.text3'), t('consent.text4')];
  return (
    <Scroll className="t-consent__text" label={t('consent.consultation')}>
      <div className="t-consent__head">
        <h2 className="t-heading-2">{t('consent.consultation')}</h2>
        <button
          type="button"
          className="t-plain"
          onClick={() => {
            stop.current?.();
            stop.current = speak(paragraphs.join(''), locale);
          }}
        >
          <Volume2 className="ch-icon" aria-hidden />
          {t('consent.read')}
        </button>
      </div>
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </Scroll>
  );
}
