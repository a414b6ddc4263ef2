import { useEffect, useState } from 'react';
import type { PictureSize } from './shapes.tsx';

/** Size of a picture as the browser turns it upright (by its EXIF orientation); null until it is loaded. */
export function usePicture(url: string | null): { size: PictureSize | null; broken: boolean } {
  const [loaded, setLoaded] = useState<{ url: string; size: PictureSize | null } | null>(null);
  useEffect(() => {
    if (url === null) return undefined;
    const image = new Image();
    image.onload = () => setLoaded({ url, size: { width: image.naturalWidth, height: image.naturalHeight } });
    image.onerror = () => setLoaded({ url, size: null });
    image.src = url;
    return () => {
      image.onload = null;
      image.onerror = null;
    };
  }, [url]);
  const current = loaded !== null && loaded.url === url ? loaded : null;
  return { size: current?.size ?? null, broken: current !== null && current.size === null };
}
