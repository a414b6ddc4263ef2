import { useEffect, useState } from 'react';
import { hasMediaDevices, type MediaTrouble, mediaTrouble } from '../../selfTest/mediaTrouble.ts';

export type Camera =
  | { readonly state: 'starting' | MediaTrouble }
  | { readonly state: 'live'; readonly stream: MediaStream };

/** Holds the camera while the component is mounted. @param constraints the same object in each render */
export function useCamera(constraints: MediaTrackConstraints): Camera {
  const [camera, setCamera] = useState<Camera>({ state: 'starting' });
  useEffect(() => {
    const opening = openCamera(constraints);
    let isOver = false;
    opening.then((opened) => {
      if (isOver) stop(opened);
      else setCamera(opened);
    }, reportError);
    return () => {
      isOver = true;
      opening.then(stop, reportError);
    };
  }, [constraints]);
  return camera;
}

async function openCamera(video: MediaTrackConstraints): Promise<Camera> {
  if (!hasMediaDevices()) return { state: 'insecure' };
  try {
    return { state: 'live', stream: await navigator.mediaDevices.getUserMedia({ video }) };
  } catch (error) {
    return { state: mediaTrouble(error) };
  }
}

function stop(camera: Camera): void {
  if (camera.state === 'live') for (const track of camera.stream.getTracks()) track.stop();
}
