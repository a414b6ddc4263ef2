import type { PeerId } from '@cloud-hospital/protocol';
import { type ReactNode, useRef } from 'react';
import type { CallMedia } from './types.ts';
import { useVoiceLevel } from './useVoiceLevel.ts';

interface LevelRingProps {
  readonly media: CallMedia;
  readonly peerId: PeerId;
  readonly children: ReactNode;
}

/** A ring around its content that widens with the voice. */
export function LevelRing({ media, peerId, children }: LevelRingProps) {
  const element = useRef<HTMLDivElement>(null);
  useVoiceLevel(element, media, peerId);
  return (
    <div ref={element} className="ch-call-level">
      {children}
    </div>
  );
}
