/**
 * The simulcast layer for a picture of this height. Layers of a 720p camera are 180, 360 and 720 lines; a layer may
 * be enlarged by a third before the eye notices, so a 240-line tile still takes the lowest.
 * @param height of the picture on the screen, device pixels
 */
export function layerForTile(height: number): 0 | 1 | 2 {
  if (height <= 240) return 0;
  if (height <= 480) return 1;
  return 2;
}
