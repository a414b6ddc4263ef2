/**
 * Runs in the page, before its own code: lets a test pull the camera out and plug it in again, as a browser tells a page of
 * it. Chromium's fake camera can't be pulled. A classic script once its types are stripped.
 */
interface CameraPlug {
  pull(): void;
  plug(): void;
}

(() => {
  // Elsewhere a page has no devices at all.
  if (!isSecureContext) return;
  const devices = navigator.mediaDevices;
  const [getUserMedia, enumerateDevices] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)];
  const tracks = new Set<MediaStreamTrack>();
  let isOut = false;
  devices.getUserMedia = async (constraints) => {
    const wantsCamera = constraints?.video !== undefined && constraints.video !== false;
    if (isOut && wantsCamera) throw new DOMException('pulled out', 'NotFoundError');
    const stream = await getUserMedia(constraints);
    // Those of calls that are over are let go: whoever looks for leaks must not find this one.
    for (const track of tracks) if (track.readyState === 'ended') tracks.delete(track);
    for (const track of stream.getVideoTracks()) tracks.add(track);
    return stream;
  };
  devices.enumerateDevices = async () =>
    (await enumerateDevices()).filter(({ kind }) => !isOut || kind !== 'videoinput');
  const setOut = (out: boolean): void => {
    isOut = out;
    devices.dispatchEvent(new Event('devicechange'));
  };
  const cameraPlug: CameraPlug = {
    pull: () => {
      for (const track of tracks) {
        // Stopped by a script, a track says nothing; by its device, it does.
        const wasLive = track.readyState === 'live';
        track.stop();
        if (wasLive) track.dispatchEvent(new Event('ended'));
      }
      tracks.clear();
      setOut(true);
    },
    plug: () => setOut(false),
  };
  Object.assign(globalThis, { cameraPlug });
})();
