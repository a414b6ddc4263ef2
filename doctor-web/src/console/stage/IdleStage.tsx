import { Spin } from 'antd';
import { Headset } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** The stage between two consultations. */
export function IdleStage({ calling }: { calling: boolean }) {
  const { t } = useTranslation('console');
  return (
    <div className="c-stage__idle">
      {calling ? <Spin size="large" /> : <Headset className="c-stage__idle-icon" aria-hidden />}
      <p className="c-stage__idle-title">{t('stage.idleTitle')}</p>
      <p>{t('stage.idleAdvice')}</p>
    </div>
  );
}
