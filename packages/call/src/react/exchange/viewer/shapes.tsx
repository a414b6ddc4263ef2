import type { AnnotationColour, AnnotationLayer, AnnotationShape, Point } from '@cloud-hospital/protocol/rest';
import { getStroke } from 'perfect-freehand';

/** Of the picture as it is shown upright, pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Legible on skin as on a film: a light core with a dark edge. */
export const COLOURS: { readonly [Colour in AnnotationColour]: string } = {
  yellow: '#ffd866',
  red: '#ff6b5e',
  blue: '#7cc4ff',
};
const EDGE = '#0e1518';

/** Line width and letters follow the picture's size, so that a layer looks the same wherever it is shown. */
const unitOf = ({ width, height }: PictureSize): number => Math.max(width, height) / 300;

const at = ([x, y]: Point, { width, height }: PictureSize): [number, number] => [x * width, y * height];

interface ShapeProps<Type extends AnnotationShape['type']> {
  readonly shape: Extract<AnnotationShape, { type: Type }>;
  readonly size: PictureSize;
}

function Arrow({ shape, size }: ShapeProps<'arrow'>) {
  const unit = unitOf(size);
  const [[fromX, fromY], [toX, toY]] = [at(shape.from, size), at(shape.to, size)];
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const head = 7 * unit;
  const side = (turn: number): string =>
    `${toX - head * Math.cos(angle + turn)},${toY - head * Math.sin(angle + turn)}`;
  const points = [`M${fromX},${fromY}L${toX},${toY}`, `M${side(0.45)}L${toX},${toY}L${side(-0.45)}`].join('');
  return <Line d={points} unit={unit} colour={COLOURS[shape.colour]} />;
}

/** Dark below, coloured above. */
function Line({ d, unit, colour }: { readonly d: string; readonly unit: number; readonly colour: string }) {
  return (
    <g fill="none" strokeLinecap="round" strokeLinejoin="round">
      <path d={d} stroke={EDGE} strokeOpacity={0.65} strokeWidth={2.6 * unit} />
      <path d={d} stroke={colour} strokeWidth={1.5 * unit} />
    </g>
  );
}

function Circle({ shape, size }: ShapeProps<'circle'>) {
  const [[fromX, fromY], [toX, toY]] = [at(shape.from, size), at(shape.to, size)];
  const [rx, ry] = [Math.abs(toX - fromX) / 2, Math.abs(toY - fromY) / 2];
  const [cx, cy] = [(fromX + toX) / 2, (fromY + toY) / 2];
  const d = `M${cx - rx},${cy}a${rx},${ry} 0 1,0 ${2 * rx},0a${rx},${ry} 0 1,0 ${-2 * rx},0`;
  return <Line d={d} unit={unitOf(size)} colour={COLOURS[shape.colour]} />;
}

function Freehand({ shape, size }: ShapeProps<'freehand'>) {
  const unit = unitOf(size);
  const outline = getStroke(
    shape.points.map((point) => at(point, size)),
    { size: 2 * unit, thinning: 0.2, smoothing: 0.6, streamline: 0.4 },
  );
  const d = outline.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('');
  return <path d={`${d}Z`} fill={COLOURS[shape.colour]} stroke={EDGE} strokeOpacity={0.65} strokeWidth={0.5 * unit} />;
}

/** @param rotation of the picture; letters stay upright */
function Letters({ shape, size, rotation }: ShapeProps<'text'> & { readonly rotation: number }) {
  const unit = unitOf(size);
  const [x, y] = at(shape.at, size);
  return (
    <text
      x={x}
      y={y}
      fontSize={11 * unit}
      fontWeight={650}
      fill={COLOURS[shape.colour]}
      stroke={EDGE}
      strokeOpacity={0.8}
      strokeWidth={2 * unit}
      paintOrder="stroke"
      dominantBaseline="central"
      transform={`rotate(${-rotation} ${x} ${y})`}
    >
      {shape.text}
    </text>
  );
}

function Shape({ shape, size, rotation }: { shape: AnnotationShape; size: PictureSize; rotation: number }) {
  switch (shape.type) {
    case 'arrow':
      return <Arrow shape={shape} size={size} />;
    case 'circle':
      return <Circle shape={shape} size={size} />;
    case 'freehand':
      return <Freehand shape={shape} size={size} />;
    case 'text':
      return <Letters shape={shape} size={size} rotation={rotation} />;
  }
}

/** What is drawn on a picture, in the picture's own coordinates. */
export const Shapes = ({ layer, size }: { readonly layer: AnnotationLayer; readonly size: PictureSize }) =>
  layer.shapes.map((shape, index) => (
    // A layer is an ordered list of marks that have no other identity.
    // oxlint-disable-next-line react/no-array-index-key
    <Shape key={index} shape={shape} size={size} rotation={layer.rotation} />
  ));
