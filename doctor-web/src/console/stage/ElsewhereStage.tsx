import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** The call goes on in another window, until it is wanted here. */
export function ElsewhereStage({ onTakeOver }: { readonly onTakeOver: () => void }) {
  const { t } = useTranslation('console');
  return (
    <section className="c-stage c-stage--message">
      <p>{t('stage.elsewhere')}</p>
      <Button type="primary" onClick={onTakeOver}>
        {t('stage.takeOver')}
      </Button>
    </section>
  );
}
