import { Spin } from 'antd';
import { CirclePause, Headset } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface IdleStageProps {
  readonly calling: boolean;
  /** Whose call broke off and goes on with the next one; null: nobody's. */
  readonly parked: string | null;
}

/** The stage between two calls. */
export function IdleStage({ calling, parked }: IdleStageProps) {
  const { t } = useTranslation('console');
  const Icon = parked === null ? Headset : CirclePause;
  return (
    <div className="c-stage__idle" data-testid="stage-idle" data-parked={parked !== null}>
      {calling ? <Spin size="large" /> : <Icon className="c-stage__idle-icon" aria-hidden />}
      <p className="c-stage__idle-title">{t(parked === null ? 'stage.idleTitle' : 'stage.onleave')}</p>
      <p>{parked === null ? t('stage.idleAdvice') : t('stage.onleaveAdvice', { patient: parked })}</p>
    </div>
  );
}
