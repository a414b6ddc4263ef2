import { useEffect, useEffectEvent, useRef } from 'react';

interface MediaViewProps {
  /** Read once: give another `key` for another stream. */
  readonly stream: () => MediaStream | null;
  readonly label: string;
  readonly mirrored?: boolean;
  /** May go into a small window of its own. */
  readonly floats?: boolean;
  /** Size at which the picture is shown, device pixels, after each change. */
  readonly onResize?: (width: number, height: number) => void;
}

/** A resize is told when it has rested this long: dragging a panel must not ask for a new layer with each pixel. */
const RESIZE_SETTLE_MS = 300;

/** Shows a picture. Always muted: sound is played apart from the page (AudioOut), so that it never depends on what is shown. */
export function MediaView({ stream, label, mirrored = false, floats = false, onResize }: MediaViewProps) {
  const element = useRef<HTMLVideoElement>(null);
  const open = useEffectEvent(stream);
  const resized = useEffectEvent((width: number, height: number) => onResize?.(width, height));

  useEffect(() => {
    const video = element.current;
    if (!video) return undefined;
    video.srcObject = open();
    return () => {
      video.srcObject = null;
    };
  }, []);

  useEffect(() => {
    const video = element.current;
    if (!video) return undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      clearTimeout(settling);
      settling = setTimeout(() => resized(width * devicePixelRatio, height * devicePixelRatio), RESIZE_SETTLE_MS);
    });
    observer.observe(video);
    return () => {
      clearTimeout(settling);
      observer.disconnect();
    };
  }, []);

  return (
    <video
      ref={element}
      className="ch-call-video"
      data-mirrored={mirrored}
      aria-label={label}
      autoPlay
      playsInline
      muted
      data-floats={floats || undefined}
      disablePictureInPicture={!floats}
    />
  );
}
