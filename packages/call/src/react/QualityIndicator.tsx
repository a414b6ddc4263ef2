import { type LucideIcon, Signal, SignalHigh, SignalLow, SignalZero } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { QualityLevel } from '../callState.types.ts';
import type { Call } from './types.ts';

const ICONS: { readonly [Level in QualityLevel]: LucideIcon } = {
  unknown: Signal,
  good: Signal,
  fair: SignalHigh,
  poor: SignalLow,
  lost: SignalZero,
};

interface QualityIndicatorProps {
  readonly call: Call;
  /** Without the label before the word. */
  readonly compact?: boolean;
}

/** Own connection as icon and word; the figures on hover. */
export function QualityIndicator({ call, compact = false }: QualityIndicatorProps) {
  const { t } = useTranslation('call');
  const { phase, quality } = call.state;
  const level: QualityLevel = phase === 'reconnecting' ? 'lost' : (quality?.level ?? 'unknown');
  const Icon = ICONS[level];
  const detail = quality
    ? t('quality.detail', {
        roundTrip: Math.round(quality.roundTripMs ?? 0),
        loss: (quality.lossRate * 100).toFixed(1),
        mos: quality.mos?.toFixed(1) ?? '–',
      })
    : undefined;
  return (
    <span className="ch-call-quality" data-level={level} title={detail}>
      <Icon aria-hidden size="1.2em" />
      <span>
        {compact ? <span className="ch-call-hidden">{t('quality.label')}</span> : `${t('quality.label')} `}
        {t(`quality.${level}`)}
      </span>
    </span>
  );
}
