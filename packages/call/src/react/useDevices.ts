import { useCallback, useEffect, useState } from 'react';

export interface DeviceList {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
}

const NONE: DeviceList = { microphones: [], cameras: [], speakers: [] };

async function listDevices(): Promise<DeviceList> {
  // Absent outside secure contexts.
  const devices = (await globalThis.navigator.mediaDevices?.enumerateDevices()) ?? [];
  return {
    microphones: devices.filter((device) => device.kind === 'audioinput'),
    cameras: devices.filter((device) => device.kind === 'videoinput'),
    speakers: devices.filter((device) => device.kind === 'audiooutput'),
  };
}

/**
 * Cameras, microphones and speakers, kept up to date as they are plugged and unplugged. Labels are empty until the
 * person has allowed one of them; give `revision` something that changes then (a track id).
 */
export function useDevices(revision: unknown = null): DeviceList & { readonly refresh: () => void } {
  const [list, setList] = useState<DeviceList>(NONE);
  const refresh = useCallback(() => {
    void listDevices().then(setList);
  }, []);
  useEffect(() => {
    refresh();
    const devices = globalThis.navigator.mediaDevices;
    devices?.addEventListener('devicechange', refresh);
    return () => devices?.removeEventListener('devicechange', refresh);
  }, [refresh, revision]);
  return { ...list, refresh };
}
