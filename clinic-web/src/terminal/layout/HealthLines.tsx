import type { SelfTest } from '@cloud-hospital/protocol/rest';
import { useDevices, useSignalState } from '@cloud-hospital/call/react';
import { useOnline } from '@cloud-hospital/ui';
import { useApi, useSession } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

type Health = 'good' | 'untested' | 'failed' | 'missing' | 'blocked' | 'lost' | 'connecting';

const ICON = {
  good: CircleCheck,
  untested: CircleDashed,
  connecting: CircleDashed,
  failed: CircleX,
  missing: CircleX,
  blocked: CircleX,
  lost: CircleAlert,
} as const satisfies Record<Health, typeof CircleCheck>;

/** What is plugged in now weighs more than what the morning's test found. */
function deviceHealth(present: boolean, tested: SelfTest['camera'] | undefined): Health {
  if (!('mediaDevices' in navigator)) return 'blocked';
  if (!present) return 'missing';
  if (tested === 'failed') return 'failed';
  return tested === 'passed' ? 'good' : 'untested';
}

/** Camera, microphone and network, each as icon and word; a touch leads to the test. A desk has a network only. */
export function HealthLines() {
  const { t } = useTranslation('terminal');
  const { query } = useApi();
  const session = useSession();
  const isTerminal = session.status === 'signed-in' && session.session.device !== null;
  const terminal = useQuery(query.terminals.self.queryOptions({ enabled: isTerminal }));
  const { cameras, microphones } = useDevices();
  const online = useOnline();
  const signal = useSignalState();
  const test = terminal.data?.selfTest;
  const network: Health = !online
    ? 'lost'
    : signal.name === 'connected'
      ? 'good'
      : signal.name === 'connecting' || signal.name === 'idle'
        ? 'connecting'
        : 'lost';
  const lines = [
    ...(isTerminal
      ? [
          { name: 'camera' as const, health: deviceHealth(cameras.length > 0, test?.camera) },
          { name: 'microphone' as const, health: deviceHealth(microphones.length > 0, test?.microphone) },
        ]
      : []),
    { name: 'network' as const, health: network },
  ];
  const content = lines.map(({ name, health }) => {
    const Icon = ICON[health];
    return (
      <span key={name} className="t-health__line" data-health={health} data-testid={`health-${name}`}>
        <Icon className="t-health__icon" aria-hidden />
        {t(`bar.${name}`)} {t(`bar.state.${health}`)}
      </span>
    );
  });
  if (!isTerminal) return <p className="t-health">{content}</p>;
  return (
    <Link to="/self-test" className="t-health" title={t('bar.health')}>
      {content}
      <span className="ch-visually-hidden">{t('bar.health')}</span>
    </Link>
  );
}
