import { type LucideIcon, Signal, SignalHigh, SignalLow, SignalZero } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CallQuality, Participant, QualityLevel } from '../callState.types.ts';
import { levelOf } from '../quality/callQuality.ts';
import type { Call } from './types.ts';

const ICONS: { readonly [Level in QualityLevel]: LucideIcon } = {
  unknown: Signal,
  good: Signal,
  fair: SignalHigh,
  poor: SignalLow,
  lost: SignalZero,
};

/** What own readings and the others' reports have in common. */
type Figures = Pick<
  CallQuality,
  | 'mos'
  | 'roundTripMs'
  | 'jitterMs'
  | 'lossRate'
  | 'sendKbps'
  | 'receiveKbps'
  | 'receiveFps'
  | 'receiveHeight'
  | 'freezes'
>;

/** Own connection as icon and word; the figures when it is opened. */
export function QualityIndicator({ call }: { readonly call: Call }) {
  const { t } = useTranslation('call');
  const { phase, quality } = call.state;
  const level: QualityLevel = phase === 'reconnecting' ? 'lost' : (quality?.level ?? 'unknown');
  return <Indicator label={t('quality.own')} level={level} figures={quality} />;
}

/** Another participant's connection, as its own browser reports it every few seconds. */
export function PeerQuality({ participant, named }: { readonly participant: Participant; readonly named: boolean }) {
  const { t } = useTranslation('call');
  const { quality, connected, displayName } = participant;
  const level: QualityLevel = !connected ? 'lost' : quality === null ? 'unknown' : levelOf(quality);
  const label = named ? t('quality.peerName', { name: displayName }) : t('quality.peer');
  return <Indicator label={label} level={level} figures={quality} />;
}

interface IndicatorProps {
  readonly label: string;
  readonly level: QualityLevel;
  readonly figures: Figures | null;
}

function Indicator({ label, level, figures }: IndicatorProps) {
  const { t } = useTranslation('call');
  const Icon = ICONS[level];
  const face = (
    <>
      <Icon aria-hidden size="1.2em" />
      <span className="ch-call-quality-label">{label}</span>
      <span>{t(`quality.${level}`)}</span>
    </>
  );
  // One at a time: details of the same name close one another.
  return (
    <details className="ch-call-quality" data-level={level} name="ch-call-quality">
      <summary>{face}</summary>
      <dl className="ch-call-figures">
        {figures === null ? (
          <div>
            <dt>{label}</dt>
            <dd>{t('quality.unknown')}</dd>
          </div>
        ) : (
          <FigureRows figures={figures} />
        )}
      </dl>
    </details>
  );
}

function FigureRows({ figures }: { readonly figures: Figures }) {
  const { t } = useTranslation('call');
  const { mos, roundTripMs, jitterMs, lossRate, sendKbps, receiveKbps, receiveFps, receiveHeight, freezes } = figures;
  const none = t('quality.none');
  const ms = (value: number | null) => (value === null ? none : t('quality.ms', { value: Math.round(value) }));
  const kbps = (value: number) => t('quality.kbps', { value: Math.round(value) });
  const rows = [
    ['score', mos === null ? none : t('quality.scoreOf', { mos: mos.toFixed(1) })],
    ['roundTrip', ms(roundTripMs)],
    ['jitter', ms(jitterMs)],
    ['loss', `${(lossRate * 100).toFixed(1)} %`],
    ['sending', kbps(sendKbps)],
    ['receiving', kbps(receiveKbps)],
    [
      'picture',
      receiveHeight === null
        ? none
        : t('quality.pictureOf', { height: receiveHeight, fps: Math.round(receiveFps ?? 0) }),
    ],
    ['freezes', t('quality.times', { count: freezes })],
  ] as const;
  return rows.map(([key, value]) => (
    <div key={key}>
      <dt>{t(`quality.${key}`)}</dt>
      <dd>{value}</dd>
    </div>
  ));
}
