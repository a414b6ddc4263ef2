import { select } from 'd3-selection';
import { type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';

const MOST = 16;
const STEP = 1.4;
/** Of what is seen, with one press of an arrow. */
const PAN = 0.15;

export interface Zoom {
  readonly transform: ZoomTransform;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly reset: () => void;
  readonly pan: (x: number, y: number) => void;
}

/**
 * Wheel, pinch, drag and double press on an SVG element. While something is drawn only the wheel and two fingers move
 * the picture.
 */
export function useZoom(
  ref: RefObject<SVGSVGElement | null>,
  size: { readonly width: number; readonly height: number } | null,
  drawing: boolean,
): Zoom {
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity);
  const behaviour = useMemo(() => zoom<SVGSVGElement, unknown>().scaleExtent([1, MOST]), []);
  const isDrawing = useRef(drawing);
  useEffect(() => {
    isDrawing.current = drawing;
  }, [drawing]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    behaviour
      .filter((event: unknown) => {
        if (event instanceof WheelEvent) return true;
        if (globalThis.TouchEvent !== undefined && event instanceof TouchEvent) {
          return !isDrawing.current || event.touches.length > 1;
        }
        return !isDrawing.current && event instanceof MouseEvent && event.button === 0;
      })
      .on('zoom', ({ transform: moved }: { transform: ZoomTransform }) => setTransform(moved));
    const selection = select(element);
    selection.call(behaviour);
    return () => {
      selection.on('.zoom', null);
    };
  }, [ref, behaviour]);
  const [width, height] = [size?.width ?? 0, size?.height ?? 0];
  useEffect(() => {
    behaviour.translateExtent([
      [0, 0],
      [width, height],
    ]);
  }, [behaviour, width, height]);
  return useMemo(() => {
    const apply = (change: (selection: ReturnType<typeof select<SVGSVGElement, unknown>>) => void): void => {
      if (ref.current !== null) change(select(ref.current));
    };
    return {
      transform,
      zoomIn: () => apply((selection) => behaviour.scaleBy(selection, STEP)),
      zoomOut: () => apply((selection) => behaviour.scaleBy(selection, 1 / STEP)),
      reset: () => apply((selection) => behaviour.transform(selection, zoomIdentity)),
      pan: (x, y) =>
        apply((selection) =>
          behaviour.translateBy(selection, (x * width * PAN) / transform.k, (y * height * PAN) / transform.k),
        ),
    };
  }, [ref, behaviour, transform, width, height]);
}
