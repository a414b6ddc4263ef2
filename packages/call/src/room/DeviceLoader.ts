import type { RtpCapabilities } from '@cloud-hospital/protocol/socket';
import { Device } from 'mediasoup-client';
import { toClientRtpCapabilities } from './mediasoupTypes.ts';

/**
 * Loads mediasoup-client's Device once and keeps it over rejoins: loading opens two RTCPeerConnections to ask the
 * browser what it can do, and the routers of a deployment are all alike.
 */
export class DeviceLoader {
  #device: Device | undefined;
  #loadedFor = '';

  /** What this browser can receive, once known; lets a rejoin get its consumers in one round trip. */
  get rtpCapabilities(): RtpCapabilities | undefined {
    return this.#device?.recvRtpCapabilities;
  }

  /** @throws UnsupportedError of mediasoup-client when the browser has no usable WebRTC */
  async load(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
    const key = JSON.stringify(routerRtpCapabilities);
    if (this.#device && this.#loadedFor === key) return this.#device;
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: toClientRtpCapabilities(routerRtpCapabilities) });
    this.#device = device;
    this.#loadedFor = key;
    return device;
  }
}
