import type { Services } from '../Services.ts';
import { NodeAnnouncements } from './NodeAnnouncements.ts';
import { NodeDirectory } from './NodeDirectory.ts';
import { RoomPlacement } from './RoomPlacement.ts';

export interface SfuConnections {
  readonly directory: NodeDirectory;
  readonly placement: RoomPlacement;
  close(): void;
}

/** Links to all media nodes and the placement of rooms on them. Waits for nothing: nodes may come later. */
export function createSfuConnections(services: Services): SfuConnections {
  const { config, log } = services;
  const directory = new NodeDirectory({
    secret: config.secrets.linkSecret,
    replicaId: config.REPLICA_ID,
    staticUrls: config.SFU_STATIC_NODES,
    log,
  });
  const placement = new RoomPlacement(services, directory);
  const announcements = new NodeAnnouncements({
    url: config.REDIS_URL,
    log,
    onRead: (announced) => directory.update(announced),
  });
  return {
    directory,
    placement,
    close: () => {
      announcements.close();
      placement.close();
      directory.close();
    },
  };
}
