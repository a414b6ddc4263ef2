import { Info } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isPhone } from './phone.ts';

/** The demo district sends no messages; this is where they would have arrived. Opens beside the page, so nothing is lost. */
export function DemoHint({ phone }: { readonly phone: string }) {
  const { t } = useTranslation('resident');
  return (
    <div className="ch-note">
      <Info className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p>{t('demo.hint')}</p>
        <a
          className="r-plain r-plain--flush"
          href={isPhone(phone) ? `/demo/inbox?phone=${phone}` : '/demo/inbox'}
          target="_blank"
          rel="noopener"
          data-testid="demo-inbox-link"
        >
          {t('demo.open')}
        </a>
      </div>
    </div>
  );
}
