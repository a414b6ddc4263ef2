import type { AnnotationColour, AnnotationLayer, AnnotationShape, Point } from '@cloud-hospital/protocol/rest';
import { type PointerEvent as ReactPointerEvent, useRef, useState } from 'react';
import type { PictureSize } from './shapes.tsx';

export const TOOLS = ['move', 'arrow', 'circle', 'freehand', 'text'] as const;
export type Tool = (typeof TOOLS)[number];

/** Four digits are a third of a pixel of a 4K picture. */
const rounded = (value: number): number => Math.round(Math.min(1.5, Math.max(-0.5, value)) * 10_000) / 10_000;
/** Points of a stroke that are nearer than this (of the picture's width) say nothing new. */
const NEAR = 0.004;
const MOST_POINTS = 400;
const MOST_SHAPES = 60;

const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by);

export interface Drawing {
  /** What is being drawn this moment. */
  readonly current: AnnotationShape | null;
  /** Where letters are about to be written. */
  readonly writingAt: Point | null;
  readonly write: (text: string) => void;
  readonly pointer: {
    readonly onPointerDown: (event: ReactPointerEvent<SVGSVGElement>) => void;
    readonly onPointerMove: (event: ReactPointerEvent<SVGSVGElement>) => void;
    readonly onPointerUp: (event: ReactPointerEvent<SVGSVGElement>) => void;
    readonly onPointerCancel: () => void;
  };
}

interface DrawingOptions {
  readonly tool: Tool;
  readonly colour: AnnotationColour;
  readonly size: PictureSize | null;
  /** The group in whose coordinates the picture lies. */
  readonly group: () => SVGGElement | null;
  readonly layer: AnnotationLayer;
  readonly onDrawn: (layer: AnnotationLayer) => void;
}

function begin(tool: Tool, colour: AnnotationColour, from: Point): AnnotationShape | null {
  switch (tool) {
    case 'arrow':
    case 'circle':
      return { type: tool, colour, from, to: from };
    case 'freehand':
      return { type: 'freehand', colour, points: [from] };
    case 'move':
    case 'text':
      return null;
  }
}

function goOn(shape: AnnotationShape, to: Point): AnnotationShape {
  if (shape.type === 'arrow' || shape.type === 'circle') return { ...shape, to };
  if (shape.type !== 'freehand') return shape;
  const last = shape.points.at(-1);
  if (last === undefined || distance(last, to) < NEAR || shape.points.length >= MOST_POINTS) return shape;
  return { ...shape, points: [...shape.points, to] };
}

const isSomething = (shape: AnnotationShape): boolean =>
  shape.type === 'freehand'
    ? shape.points.length > 1
    : shape.type === 'text' || distance(shape.from, shape.to) > 2 * NEAR;

/** Turns what a pointer does into marks on the picture. */
export function useDrawing({ tool, colour, size, group, layer, onDrawn }: DrawingOptions): Drawing {
  const [current, setCurrent] = useState<AnnotationShape | null>(null);
  const [writingAt, setWritingAt] = useState<Point | null>(null);
  const pointers = useRef(new Set<number>());

  const pointOf = (event: ReactPointerEvent): Point | null => {
    const matrix = group()?.getScreenCTM();
    if (matrix === null || matrix === undefined || size === null) return null;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return [rounded(x / size.width), rounded(y / size.height)];
  };
  const add = (shape: AnnotationShape): void => {
    if (layer.shapes.length < MOST_SHAPES) onDrawn({ ...layer, shapes: [...layer.shapes, shape] });
  };
  return {
    current,
    writingAt,
    write: (text) => {
      const trimmed = text.trim();
      if (writingAt !== null && trimmed !== '') add({ type: 'text', colour, at: writingAt, text: trimmed });
      setWritingAt(null);
    },
    pointer: {
      onPointerDown: (event) => {
        pointers.current.add(event.pointerId);
        const point = pointOf(event);
        // A second finger means to move the picture.
        if (tool === 'move' || point === null || pointers.current.size > 1) {
          setCurrent(null);
          return;
        }
        if (tool === 'text') {
          setWritingAt(point);
          return;
        }
        event.currentTarget.setPointerCapture(event.pointerId);
        setCurrent(begin(tool, colour, point));
      },
      onPointerMove: (event) => {
        const point = current === null ? null : pointOf(event);
        if (current !== null && point !== null) setCurrent(goOn(current, point));
      },
      onPointerUp: (event) => {
        pointers.current.delete(event.pointerId);
        if (current !== null && isSomething(current)) add(current);
        setCurrent(null);
      },
      onPointerCancel: () => {
        pointers.current.clear();
        setCurrent(null);
      },
    },
  };
}
