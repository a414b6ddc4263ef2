import { Maximize, Minimize, PictureInPicture2 } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, ScreenFreeze } from '../types.ts';
import { useShortcuts } from '../useShortcuts.ts';
import { FreezeButton } from './FreezeButton.tsx';
import { StageTile, StageTool } from './StageTile.tsx';
import { hasPicture, nextPinned, type Tile } from './tiles.ts';
import type { FullScreen } from './useFullScreen.ts';
import { usePictureInPicture } from './usePictureInPicture.ts';

interface TilesProps {
  readonly call: Call;
  readonly tiles: readonly Tile[];
  readonly main: Tile | null;
  readonly pinned: string | null;
  readonly onPin: (id: string | null) => void;
  readonly showsOthers: boolean;
  /** The own picture: in the strip, where there is one. */
  readonly self: ReactNode;
  readonly freeze?: ScreenFreeze;
  readonly fullScreen?: FullScreen;
  readonly tools?: ReactNode;
  readonly bindShortcuts?: boolean;
}

const KEYS = { pin: 'P', float: 'I', full: 'F' } as const;

/** Everybody's pictures: one large, and what can be done with it; the rest in a strip. */
export function Tiles(props: TilesProps) {
  const {
    call,
    tiles,
    main,
    pinned,
    onPin,
    showsOthers,
    self,
    freeze,
    fullScreen,
    tools,
    bindShortcuts = false,
  } = props;
  const { t } = useTranslation('call');
  const element = useRef<HTMLDivElement>(null);
  const floating = usePictureInPicture(element, main?.id ?? null);
  const isMany = tiles.length > 1;
  useShortcuts(bindShortcuts && showsOthers, KEYS, {
    pin: () => onPin(nextPinned(call.state, pinned)),
    float: floating.toggle,
    full: () => fullScreen?.toggle(),
  });
  const keyOf = (name: keyof typeof KEYS) => (bindShortcuts ? KEYS[name] : undefined);
  const inStrip = tiles.length - 1 + (self === null ? 0 : 1);
  return (
    <div ref={element} className="ch-call-others" data-many={isMany} data-strip={inStrip}>
      {showsOthers &&
        tiles.map((tile) => (
          <StageTile
            key={tile.id}
            call={call}
            tile={tile}
            place={tile === main ? 'main' : 'strip'}
            isOneOfMany={isMany}
            isPinned={tile.id === pinned}
            pinKey={keyOf('pin')}
            onPin={onPin}
            foot={
              freeze !== undefined &&
              tile.kind === 'screen' && (
                <FreezeButton
                  freeze={freeze}
                  screen={(button) => button.parentElement?.querySelector('video') ?? null}
                />
              )
            }
          >
            {floating.possible && hasPicture(call.state, tile) && (
              <StageTool
                icon={PictureInPicture2}
                label={t(floating.active ? 'stage.pipLeave' : 'stage.pip')}
                pressed={floating.active}
                shortcut={keyOf('float')}
                onPress={floating.toggle}
              />
            )}
            {fullScreen?.possible === true && (
              <StageTool
                icon={fullScreen.active ? Minimize : Maximize}
                label={t(fullScreen.active ? 'stage.fullLeave' : 'stage.full')}
                pressed={fullScreen.active}
                shortcut={keyOf('full')}
                onPress={fullScreen.toggle}
              />
            )}
            {tools}
          </StageTile>
        ))}
      {isMany && showsOthers && self}
    </div>
  );
}
