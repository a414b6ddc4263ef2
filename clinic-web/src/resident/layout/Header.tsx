import { ElderSwitch, LanguageSwitch } from '@cloud-hospital/ui';
import { ChevronLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { DemoStrip } from './DemoStrip.tsx';

/** Brand or the way back on the left; text size and language, on every page, on the right. */
export function Header({ back }: { readonly back: string | (() => void) | undefined }) {
  const { t } = useTranslation();
  const backContent = (
    <>
      <ChevronLeft className="ch-icon" aria-hidden />
      {t('action.back')}
    </>
  );
  return (
    <header>
      <DemoStrip />
      <div className="r-header ch-screen-only">
        <div className="r-header__lead">
          {back === undefined ? (
            <Link to="/" className="r-brand">
              <img src="/icon.svg" alt="" />
              {t('product')}
            </Link>
          ) : typeof back === 'string' ? (
            <Link to={back} className="r-plain" data-testid="back">
              {backContent}
            </Link>
          ) : (
            <button type="button" onClick={back} className="r-plain" data-testid="back">
              {backContent}
            </button>
          )}
        </div>
        <ElderSwitch />
        <LanguageSwitch />
      </div>
    </header>
  );
}
