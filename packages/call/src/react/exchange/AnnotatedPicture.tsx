import type { AnnotationLayer } from '@cloud-hospital/protocol/rest';
import { Shapes } from './viewer/shapes.tsx';
import { turn, turnedSize } from './viewer/turned.ts';
import { usePicture } from './viewer/usePicture.ts';

interface AnnotatedPictureProps {
  readonly url: string | null;
  readonly layer: AnnotationLayer | null;
  readonly label: string;
}

const NOTHING_DRAWN: AnnotationLayer = { rotation: 0, shapes: [] };

/** A picture with what is drawn on it, to look at only; as large as its place allows. */
export function AnnotatedPicture({ url, layer, label }: AnnotatedPictureProps) {
  const { size } = usePicture(url);
  if (url === null || size === null) {
    return <span className="ch-picture ch-picture--empty" role="img" aria-label={label} />;
  }
  const shown = layer ?? NOTHING_DRAWN;
  const { width, height } = turnedSize(size, shown.rotation);
  return (
    <svg className="ch-picture" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <g transform={turn(size, shown.rotation)}>
        <image href={url} width={size.width} height={size.height} />
        <Shapes layer={shown} size={size} />
      </g>
    </svg>
  );
}
