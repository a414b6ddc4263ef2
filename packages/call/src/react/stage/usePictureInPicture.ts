import { type RefObject, useEffect, useEffectEvent, useState } from 'react';

export interface PictureInPicture {
  /** The browser has none, or doesn't let this page. */
  readonly possible: boolean;
  readonly active: boolean;
  readonly toggle: () => void;
}

const mainVideo = (stage: HTMLElement | null): HTMLVideoElement | null =>
  stage?.querySelector<HTMLVideoElement>('[data-place="main"] video[data-floats]') ?? null;

/** The browser refuses while the picture has no size yet, or without a press: then there is no small window. */
const float = (video: HTMLVideoElement): void => {
  video.requestPictureInPicture().catch((error: unknown) => {
    if (!(error instanceof DOMException)) reportError(error);
  });
};

/**
 * The large picture in a small window of its own above all others. It follows the stage: whoever becomes large is in it.
 * @param mainId changes with what is large
 */
export function usePictureInPicture(stage: RefObject<HTMLElement | null>, mainId: string | null): PictureInPicture {
  const [active, setActive] = useState(false);
  const possible = document.pictureInPictureEnabled;
  const toggle = (): void => {
    const video = mainVideo(stage.current);
    if (document.pictureInPictureElement !== null) void document.exitPictureInPicture();
    else if (video !== null) float(video);
  };
  useEffect(() => {
    const element = stage.current;
    const changed = (): void => setActive(element?.contains(document.pictureInPictureElement) === true);
    element?.addEventListener('enterpictureinpicture', changed);
    element?.addEventListener('leavepictureinpicture', changed);
    return () => {
      element?.removeEventListener('enterpictureinpicture', changed);
      element?.removeEventListener('leavepictureinpicture', changed);
    };
  }, [stage]);
  const follow = useEffectEvent(() => {
    const video = mainVideo(stage.current);
    if (active && video !== null && video !== document.pictureInPictureElement) float(video);
  });
  useEffect(() => {
    if (mainId !== null) follow();
  }, [mainId]);
  return { possible, active, toggle };
}
