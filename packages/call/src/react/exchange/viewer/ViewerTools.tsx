import type { AnnotationColour } from '@cloud-hospital/protocol/rest';
import {
  Circle,
  Hand,
  type LucideIcon,
  MoveUpRight,
  Pencil,
  RotateCw,
  Save,
  Type,
  Undo2,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnotationStatus } from './useAnnotation.ts';
import { TOOLS, type Tool } from './useDrawing.ts';
import type { Zoom } from './useZoom.ts';

const ICONS: { readonly [T in Tool]: LucideIcon } = {
  move: Hand,
  arrow: MoveUpRight,
  circle: Circle,
  freehand: Pencil,
  text: Type,
};
const COLOURS: readonly AnnotationColour[] = ['yellow', 'red', 'blue'];

interface ViewerToolsProps {
  readonly tool: Tool;
  readonly colour: AnnotationColour;
  readonly canDraw: boolean;
  readonly canUndo: boolean;
  readonly status: AnnotationStatus;
  readonly savedBy: string | null;
  readonly onTool: (tool: Tool) => void;
  readonly onColour: (colour: AnnotationColour) => void;
  readonly onUndo: () => void;
  readonly onRotate: () => void;
  readonly onSave: () => void;
  readonly zoom: Zoom;
  readonly actions: ReactNode;
  readonly onClose: () => void;
}

function ToolButton(props: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly onPress: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}) {
  const { icon: Icon, label, onPress, pressed, disabled = false } = props;
  return (
    <button type="button" aria-label={label} title={label} aria-pressed={pressed} disabled={disabled} onClick={onPress}>
      <Icon aria-hidden size="1.35em" />
    </button>
  );
}

/** Everything that can be done with a picture, in one row. */
export function ViewerTools(props: ViewerToolsProps) {
  const { t } = useTranslation('exchange');
  const { tool, colour, canDraw, zoom, status } = props;
  return (
    <div className="ch-viewer-tools" role="toolbar" aria-label={t('viewer.tools')}>
      {canDraw ? (
        <>
          <div className="ch-viewer-group">
            {TOOLS.map((one) => (
              <ToolButton
                key={one}
                icon={ICONS[one]}
                label={t(`viewer.tool.${one}`)}
                pressed={tool === one}
                onPress={() => props.onTool(one)}
              />
            ))}
          </div>
          <div className="ch-viewer-group">
            {COLOURS.map((one) => (
              <button
                key={one}
                type="button"
                className="ch-viewer-colour"
                data-colour={one}
                aria-label={t(`viewer.colour.${one}`)}
                title={t(`viewer.colour.${one}`)}
                aria-pressed={colour === one}
                onClick={() => props.onColour(one)}
              />
            ))}
            <ToolButton icon={Undo2} label={t('viewer.undo')} disabled={!props.canUndo} onPress={props.onUndo} />
            <ToolButton icon={RotateCw} label={t('viewer.rotate')} onPress={props.onRotate} />
          </div>
        </>
      ) : null}
      <div className="ch-viewer-group">
        <ToolButton icon={ZoomOut} label={t('viewer.zoomOut')} onPress={zoom.zoomOut} />
        <button type="button" className="ch-viewer-scale" title={t('viewer.fit')} onClick={zoom.reset}>
          {Math.round(zoom.transform.k * 100)}%
        </button>
        <ToolButton icon={ZoomIn} label={t('viewer.zoomIn')} onPress={zoom.zoomIn} />
      </div>
      <p className="ch-viewer-status" role="status" data-status={status}>
        {status === 'clean'
          ? props.savedBy === null
            ? ''
            : t('viewer.savedBy', { name: props.savedBy })
          : t(`viewer.status.${status}`)}
      </p>
      <div className="ch-viewer-group ch-viewer-group--end">
        {status === 'clean' ? null : (
          <button
            type="button"
            className="ch-viewer-save"
            disabled={status === 'saving'}
            onClick={props.onSave}
            data-testid="save-annotation"
          >
            <Save aria-hidden size="1.2em" />
            {t('viewer.save')}
          </button>
        )}
        {props.actions}
        <ToolButton icon={X} label={t('viewer.close')} onPress={props.onClose} />
      </div>
    </div>
  );
}
