import { CallClient, type CallClientOptions } from '../CallClient.ts';
import { INITIAL_CALL_STATE } from '../callState.ts';
import type { CallState } from '../callState.types.ts';
import type { CallActions, CallMedia } from './types.ts';

/**
 * Place for one CallClient after another, as an external store for React: components hold the slot and see whichever
 * call is in it. Actions and media go to the call of the moment, or nowhere.
 */
export class CallSlot {
  readonly #listeners = new Set<() => void>();
  #client: CallClient | null = null;

  readonly actions: CallActions = {
    start: () => this.#client?.start(),
    answer: async () => this.#client?.answer(),
    decline: async (reason) => this.#client?.decline(reason),
    hangUp: async () => this.#client?.hangUp(),
    setMicrophone: async (on) => this.#client?.setMicrophone(on),
    setCamera: async (on) => this.#client?.setCamera(on),
    setCameras: async (choice) => this.#client?.setCameras(choice),
    wantCameras: async (peerId, cameras) => this.#client?.wantCameras(peerId, cameras),
    setSound: async (change) => this.#client?.setSound(change),
    shareScreen: async (takesOver) => this.#client?.shareScreen(takesOver),
    stopSharing: () => this.#client?.stopSharing(),
    setHold: async (hold) => this.#client?.setHold(hold),
    removeParticipant: async (peerId) => this.#client?.removeParticipant(peerId),
    selectDevice: async (kind, deviceId) => this.#client?.selectDevice(kind, deviceId),
    retryDevices: async () => this.#client?.retryDevices(),
    unblockAudio: async () => this.#client?.unblockAudio(),
    setTileSize: (peerId, source, _width, height) => this.#client?.setTileSize(peerId, source, height),
  };

  readonly media: CallMedia = {
    localStream: (source) => this.#client?.localStream(source) ?? null,
    remoteStream: (peerId, source) => this.#client?.remoteStream(peerId, source) ?? null,
    onAudioLevels: (listener) => this.#client?.onAudioLevels(listener) ?? (() => undefined),
  };

  get client(): CallClient | null {
    return this.#client;
  }

  readonly state = (): CallState => this.#client?.state ?? INITIAL_CALL_STATE;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Puts a new call in. @returns what closes it and empties the slot */
  open(options: CallClientOptions): () => void {
    const client = new CallClient(options);
    const off = client.onState(() => this.#changed());
    this.#client = client;
    this.#changed();
    return () => {
      off();
      client.close();
      this.#client = null;
      this.#changed();
    };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
