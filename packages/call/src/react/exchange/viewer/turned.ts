import type { AnnotationLayer } from '@cloud-hospital/protocol/rest';
import type { PictureSize } from './shapes.tsx';

/** How large a picture is once it is turned. */
export const turnedSize = ({ width, height }: PictureSize, rotation: AnnotationLayer['rotation']): PictureSize =>
  rotation % 180 === 0 ? { width, height } : { width: height, height: width };

/** Puts the turned picture's upper left corner at 0, 0. */
export function turn({ width, height }: PictureSize, rotation: AnnotationLayer['rotation']): string {
  switch (rotation) {
    case 0:
      return '';
    case 90:
      return `translate(${height} 0) rotate(90)`;
    case 180:
      return `translate(${width} ${height}) rotate(180)`;
    case 270:
      return `translate(0 ${width}) rotate(270)`;
  }
}
