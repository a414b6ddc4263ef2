/** What a camera gave at the most it can. */
export interface Still {
  readonly content: Blob;
  readonly width: number;
  readonly height: number;
}

const JPEG_QUALITY = 0.92;
/** Edges of letters show what JPEG leaves out. */
const SCREEN_QUALITY = 0.97;
/** A camera that is switched to its photo mode needs up to two seconds; one that hangs must not take the call's time. */
const PHOTO_TIMEOUT_MS = 5_000;
const FRAME_TIMEOUT_MS = 8_000;
/** More than any camera has: the browser takes the largest one it finds. */
const LARGEST: MediaTrackConstraints = { width: { ideal: 7680 }, height: { ideal: 4320 } };
/** The first frames after a change of size may be dark or of the old size: exposure and focus settle. */
const SETTLING_FRAMES = 3;
/** Photo modes pay only when they give clearly more pixels a side: on many cameras they interrupt the stream. */
const WORTH_IT = 1.2;

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('the camera did not answer', 'TimeoutError')), ms);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}

/** Largest width of the camera's stream, pixels; 0 where the browser doesn't say. */
const widestFrame = (track: MediaStreamTrack): number => track.getCapabilities?.().width?.max ?? 0;

/**
 * The camera's own photo mode, where it gives more than its stream can.
 * @returns null where it doesn't, or doesn't work
 */
async function takePhoto(track: MediaStreamTrack): Promise<Still | null> {
  if (!('ImageCapture' in globalThis)) return null;
  try {
    const capture = new ImageCapture(track);
    const { imageWidth, imageHeight } = await within(capture.getPhotoCapabilities(), PHOTO_TIMEOUT_MS);
    const wanted = widestFrame(track) * WORTH_IT;
    if (imageWidth?.max === undefined || imageWidth.max < wanted) return null;
    const settings = {
      imageWidth: imageWidth.max,
      ...(imageHeight?.max === undefined ? {} : { imageHeight: imageHeight.max }),
    };
    const content = await within(capture.takePhoto(settings), PHOTO_TIMEOUT_MS);
    const bitmap = await createImageBitmap(content);
    const { width, height } = bitmap;
    bitmap.close();
    // Some say more than they give.
    return width < wanted ? null : { content, width, height };
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** What is shown, as it is shown: letters stay sharp. @throws DOMException while there is no picture */
async function capture(video: HTMLVideoElement, quality: number): Promise<Still> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) throw new DOMException('no picture', 'InvalidStateError');
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return { content: await canvas.convertToBlob({ type: 'image/jpeg', quality }), width, height };
}

/** A shared screen as it stands. @param screen what shows it, or its track where nothing does */
export async function freezeScreen(screen: HTMLVideoElement | MediaStreamTrack): Promise<Still> {
  if (screen instanceof HTMLVideoElement) return capture(screen, SCREEN_QUALITY);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.srcObject = new MediaStream([screen]);
    await video.play();
    return await capture(video, SCREEN_QUALITY);
  } finally {
    video.srcObject = null;
  }
}

const nextFrame = (video: HTMLVideoElement): Promise<void> =>
  new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve());
  });

/** One frame of a track, as large as the track is now. */
async function frameOf(track: MediaStreamTrack): Promise<Still> {
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    await video.play();
    // A phone held upright turns the frame: its longer side is compared.
    const { width = 0, height = 0 } = track.getSettings();
    const expected = Math.max(width, height);
    for (let settled = 0; settled < SETTLING_FRAMES; ) {
      await nextFrame(video);
      if (Math.max(video.videoWidth, video.videoHeight) >= expected) settled += 1;
    }
    return await capture(video, JPEG_QUALITY);
  } finally {
    video.srcObject = null;
  }
}

/**
 * The call's own track at the camera's full size for the moment of the frame. A second stream of the same camera would
 * only be given the size that runs already. The call goes on meanwhile, its layers a little larger.
 */
async function takeFrame(track: MediaStreamTrack): Promise<Still> {
  const before = track.getConstraints();
  await track.applyConstraints({ ...before, ...LARGEST });
  try {
    return await within(frameOf(track), FRAME_TIMEOUT_MS);
  } finally {
    await track.applyConstraints(before);
  }
}

/** The camera is off: it is on for this one picture. */
async function takeAlone(deviceId: string | null): Promise<Still> {
  const device = deviceId === null ? {} : { deviceId: { ideal: deviceId } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: { ...device, ...LARGEST } });
  const [track] = stream.getVideoTracks();
  try {
    if (track === undefined) throw new DOMException('no track', 'NotFoundError');
    return (await takePhoto(track)) ?? (await within(frameOf(track), FRAME_TIMEOUT_MS));
  } finally {
    track?.stop();
  }
}

/**
 * A picture at the camera's native resolution, beside a running call.
 * @param track the call's own, null while the camera is off
 * @throws DOMException when the camera can't be had
 */
export async function takeStill(track: MediaStreamTrack | null, deviceId: string | null): Promise<Still> {
  if (track === null || track.readyState !== 'live') return takeAlone(deviceId);
  return (await takePhoto(track)) ?? takeFrame(track);
}
