import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  Clock,
  type LucideIcon,
  PhoneCall,
} from 'lucide-react';
import type { ReactNode } from 'react';

export const STATUS_TONES = ['neutral', 'waiting', 'active', 'good', 'attention', 'paused', 'call', 'off'] as const;
export type StatusTone = (typeof STATUS_TONES)[number];

const ICONS: { readonly [Tone in StatusTone]: LucideIcon } = {
  neutral: CircleDashed,
  waiting: Clock,
  active: CircleDot,
  good: CircleCheck,
  attention: CircleAlert,
  paused: CirclePause,
  call: PhoneCall,
  off: Ban,
};

/** A state as an icon and a word; the colour only repeats what both say. */
export function StatusWord({ tone, children }: { readonly tone: StatusTone; readonly children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <span className={`ch-status ch-status--${tone}`}>
      <Icon className="ch-status__icon" aria-hidden />
      {children}
    </span>
  );
}
