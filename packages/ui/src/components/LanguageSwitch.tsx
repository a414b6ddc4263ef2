import { Languages } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { switchLocale } from '../i18n/createI18n.ts';
import { useLocale } from '../i18n/localized.ts';

/** One press to the other language, named in that language, remembered on this browser. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = useLocale() === 'en' ? 'zh-CN' : 'en';
  return (
    <button
      type="button"
      className="ch-quiet-button"
      lang={other}
      onClick={() => void switchLocale(i18n, other)}
      data-testid="language-switch"
    >
      <Languages className="ch-icon" aria-hidden />
      {t(`language.${other}`)}
    </button>
  );
}
