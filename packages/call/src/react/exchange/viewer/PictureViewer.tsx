import type { AnnotationColour, AnnotationLayer, Attachment } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useContent } from '../useContent.ts';
import { Shapes } from './shapes.tsx';
import { turn, turnedSize } from './turned.ts';
import { useAnnotation } from './useAnnotation.ts';
import { type Tool, useDrawing } from './useDrawing.ts';
import { usePicture } from './usePicture.ts';
import { useZoom } from './useZoom.ts';
import { ViewerTools } from './ViewerTools.tsx';
import { WritingField } from './WritingField.tsx';

interface PictureViewerProps {
  readonly attachment: Attachment;
  /** Whether marks can be made here; they are shown everywhere. */
  readonly canDraw: boolean;
  readonly onClose: () => void;
  /** More buttons, e.g. to put the picture into the opinion. */
  readonly actions?: ReactNode;
}

/** Above it the letters of a key mean something else: a field, or a modifier. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]');

/** A picture, to be looked at closely: moved, enlarged, turned, and drawn on. */
export function PictureViewer({ attachment, canDraw, onClose, actions }: PictureViewerProps) {
  const { t } = useTranslation('exchange');
  const svg = useRef<SVGSVGElement>(null);
  const group = useRef<SVGGElement>(null);
  const { url, error, retry } = useContent(attachment.attachmentId);
  const { size, broken } = usePicture(url);
  const annotation = useAnnotation(attachment);
  const { layer } = annotation;
  const [tool, setTool] = useState<Tool>('move');
  const [colour, setColour] = useState<AnnotationColour>('yellow');
  const shown = size === null ? null : turnedSize(size, layer.rotation);
  const zoom = useZoom(svg, shown, tool !== 'move');
  const drawing = useDrawing({
    tool,
    colour,
    size,
    group: () => group.current,
    layer,
    onDrawn: annotation.change,
  });
  const rotate = (): void => annotation.change({ ...layer, rotation: next(layer.rotation) });

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const pans: { readonly [key: string]: readonly [number, number] } = {
      ArrowLeft: [1, 0],
      ArrowRight: [-1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const pan = pans[event.key];
    if (pan !== undefined) zoom.pan(...pan);
    else if (event.key === '+' || event.key === '=') zoom.zoomIn();
    else if (event.key === '-') zoom.zoomOut();
    else if (event.key === '0') zoom.reset();
    else if (event.key === 'r' && canDraw) rotate();
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  });
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const listen = (event: KeyboardEvent): void => onKey(event);
    element.addEventListener('keydown', listen);
    // What was opened takes the keys, so that it can be enlarged at once; not from somebody who is writing.
    if (!isTyping(document.activeElement)) svg.current?.focus({ preventScroll: true });
    return () => element.removeEventListener('keydown', listen);
  }, []);

  const { transform } = zoom;
  return (
    <section ref={root} className="ch-viewer" aria-label={t('viewer.label')} data-testid="picture-viewer">
      <ViewerTools
        tool={tool}
        colour={colour}
        canDraw={canDraw}
        canUndo={layer.shapes.length > 0}
        status={annotation.status}
        savedBy={attachment.annotation?.authorName ?? null}
        onTool={setTool}
        onColour={setColour}
        onUndo={() => annotation.change({ ...layer, shapes: layer.shapes.slice(0, -1) })}
        onRotate={rotate}
        onSave={annotation.save}
        zoom={zoom}
        actions={actions}
        onClose={onClose}
      />
      <div className="ch-viewer-picture" data-tool={tool}>
        {error !== null ? <ErrorNote error={error} onRetry={retry} /> : null}
        {broken ? <p role="alert">{t('viewer.broken')}</p> : null}
        {size === null && error === null && !broken ? <p role="status">{t('viewer.loading')}</p> : null}
        <svg
          ref={svg}
          viewBox={shown === null ? '0 0 1 1' : `0 0 ${shown.width} ${shown.height}`}
          role="application"
          aria-label={t('viewer.picture', { width: size?.width ?? 0, height: size?.height ?? 0 })}
          // The keys of the picture need somewhere to go to.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          data-loaded={size !== null}
          data-zoom={transform.k.toFixed(2)}
          data-width={size?.width}
          {...drawing.pointer}
        >
          {size === null || url === null ? null : (
            <g transform={transform.toString()}>
              <g ref={group} transform={turn(size, layer.rotation)}>
                <image href={url} width={size.width} height={size.height} />
                <Shapes
                  layer={drawing.current === null ? layer : { ...layer, shapes: [...layer.shapes, drawing.current] }}
                  size={size}
                />
              </g>
            </g>
          )}
        </svg>
        {drawing.writingAt === null ? null : <WritingField onDone={drawing.write} />}
      </div>
    </section>
  );
}

const next = (rotation: AnnotationLayer['rotation']): AnnotationLayer['rotation'] => {
  switch (rotation) {
    case 0:
      return 90;
    case 90:
      return 180;
    case 180:
      return 270;
    case 270:
      return 0;
  }
};
