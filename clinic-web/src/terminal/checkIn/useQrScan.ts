import jsQR from 'jsqr';
import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Milliseconds between looks: often enough for a hand, seldom enough for an old PC. */
const EVERY_MS = 200;
/** Pixels along the longer side: a ticket held at arm's length still has four pixels a module. */
const LOOK_AT = 640;

/** Looks for a QR code in the picture of a running camera; tells each code once while it stays in view. */
export function useQrScan(video: RefObject<HTMLVideoElement | null>, on: boolean, found: (text: string) => void): void {
  const onFound = useEffectEvent(found);
  useEffect(() => {
    if (!on) return undefined;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true });
    let last: string | null = null;
    const look = () => {
      const picture = video.current;
      if (context === null || picture === null || picture.videoWidth === 0) return;
      const scale = Math.min(1, LOOK_AT / Math.max(picture.videoWidth, picture.videoHeight));
      const width = Math.round(picture.videoWidth * scale);
      const height = Math.round(picture.videoHeight * scale);
      canvas.width = width;
      canvas.height = height;
      context.drawImage(picture, 0, 0, width, height);
      const code = jsQR(context.getImageData(0, 0, width, height).data, width, height, {
        inversionAttempts: 'dontInvert',
      });
      if (code === null || code.data === '' || code.data === last) return;
      last = code.data;
      onFound(code.data);
    };
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [video, on]);
}
