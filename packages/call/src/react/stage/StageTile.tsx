import { Pin, PinOff } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ParticipantView } from '../ParticipantView.tsx';
import type { Call } from '../types.ts';
import { useVoiceLevel } from '../useVoiceLevel.ts';
import { ScreenView } from './ScreenView.tsx';
import type { Tile } from './tiles.ts';

interface StageTileProps {
  readonly call: Call;
  readonly tile: Tile;
  readonly place: 'main' | 'strip';
  /** There are others: it has a name, says who speaks, and can be pinned. */
  readonly isOneOfMany: boolean;
  readonly isPinned: boolean;
  readonly pinKey: string | undefined;
  readonly onPin: (id: string | null) => void;
  /** Buttons at the edge of the large one. */
  readonly children?: ReactNode;
  /** At the foot of the large one. */
  readonly foot?: ReactNode;
}

/** One picture of the stage. It keeps its elements when it becomes large or small, so that no picture blinks. */
export function StageTile({ call, tile, place, isOneOfMany, isPinned, pinKey, onPin, children, foot }: StageTileProps) {
  const { t } = useTranslation('call');
  const element = useRef<HTMLDivElement>(null);
  const { participant, kind } = tile;
  useVoiceLevel(element, call.media, participant.peerId);
  const name = kind === 'screen' ? t('stage.screenOf', { name: participant.displayName }) : participant.displayName;
  return (
    <div ref={element} className="ch-call-tile" data-place={place} data-kind={kind} data-tile={tile.id}>
      {kind === 'screen' ? (
        <ScreenView call={call} participant={participant} stream={tile.stream} />
      ) : (
        <ParticipantView call={call} participant={participant} small={place === 'strip'} />
      )}
      {isOneOfMany && <p className="ch-call-tile-name">{name}</p>}
      {isOneOfMany && place === 'strip' && (
        <button
          type="button"
          className="ch-call-tile-pin"
          aria-label={t('stage.pin', { name })}
          onClick={() => onPin(tile.id)}
        />
      )}
      {place === 'main' && foot}
      {place === 'main' && (
        <div className="ch-call-tools">
          {isOneOfMany && (
            <StageTool
              icon={isPinned ? PinOff : Pin}
              label={t(isPinned ? 'stage.unpin' : 'stage.pinThis')}
              pressed={isPinned}
              shortcut={pinKey}
              onPress={() => onPin(isPinned ? null : tile.id)}
            />
          )}
          {children}
        </div>
      )}
    </div>
  );
}

interface StageToolProps {
  readonly icon: typeof Pin;
  readonly label: string;
  readonly pressed?: boolean;
  readonly shortcut?: string | undefined;
  readonly onPress: () => void;
}

/** A small button over the picture; its word is its title. */
export function StageTool({ icon: Icon, label, pressed, shortcut, onPress }: StageToolProps) {
  return (
    <button
      type="button"
      className="ch-call-tool"
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      onClick={onPress}
    >
      <Icon aria-hidden size="1.35em" />
    </button>
  );
}
