import type { Selectable } from 'kysely';
import type { Timeline } from '../../domain/recordingTimeline.ts';
import type { RecordingSegmentTable } from '../../store/recording.schema.ts';

type Segment = Selectable<RecordingSegmentTable>;

/** One run of a recorder, as ffmpeg reads it from a pipe. */
export interface FilmInput {
  readonly segments: readonly Segment[];
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Where it begins in the film, and how much of it belongs there. Milliseconds. */
  readonly atMs: number;
  readonly lastsMs: number;
  /** `participant/view`: whose place in the picture it takes. */
  readonly tile: string;
}

const TILE = { width: 640, height: 480 } as const;
const FRAMES_PER_SECOND = 20;
const BACKGROUND = '0x16202b';
const COLUMNS_UP_TO_FOUR = 2;
const COLUMNS_BEYOND = 3;

/** The runs of a consultation in order, cut to the time in which they were allowed. */
export function filmInputs(segments: readonly Segment[], timeline: Timeline): FilmInput[] {
  const takes = Map.groupBy(segments, ({ take_id }) => take_id);
  return [...takes.values()].flatMap((own): FilmInput[] => {
    const ordered = own.toSorted((a, b) => a.ordinal - b.ordinal);
    const [first] = ordered;
    const part = timeline.parts.find(({ recordingId }) => recordingId === first?.recording_id);
    if (first === undefined || part === undefined) return [];
    const since = Math.max(0, first.first_at.getTime() - part.startedAt.getTime());
    const lastsMs = part.stoppedAt.getTime() - part.startedAt.getTime() - since;
    if (lastsMs <= 0) return [];
    return [
      {
        segments: ordered,
        hasVideo: first.has_video,
        // What is shown beside the person comes without sound.
        hasAudio: first.view === 'person',
        atMs: part.fromMs + since,
        lastsMs,
        tile: `${first.participant_id}/${first.view}`,
      },
    ];
  });
}

/** Everybody side by side, all voices together, black where nobody was recorded; read from pipes, written to one. */
export function filmArguments(inputs: readonly FilmInput[], durationMs: number): string[] {
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const tiles = [...new Set(inputs.map(({ tile }) => tile))].toSorted((a, b) => rank(a) - rank(b));
  const columns = Math.min(tiles.length, tiles.length > 4 ? COLUMNS_BEYOND : COLUMNS_UP_TO_FOUR);
  const width = TILE.width * columns;
  const height = TILE.height * Math.ceil(tiles.length / columns);
  const { width: w, height: h } = TILE;
  const graph = [
    `color=c=${BACKGROUND}:s=${width}x${height}:r=${FRAMES_PER_SECOND}:d=${seconds(durationMs)}[base0]`,
    `anullsrc=r=48000:cl=mono:d=${seconds(durationMs)}[voice0]`,
  ];
  let pictures = 0;
  const voices = ['[voice0]'];
  inputs.forEach(({ hasVideo, hasAudio, tile }, index) => {
    if (hasVideo) {
      const place = tiles.indexOf(tile);
      const at = `x=${(place % columns) * w}:y=${Math.floor(place / columns) * h}`;
      graph.push(
        `[${index}:v]fps=${FRAMES_PER_SECOND},scale=${w}:${h}:force_original_aspect_ratio=decrease,` +
          `pad=${w}:${h}:(ow-iw)/2:(oh-ih)/2:color=${BACKGROUND}:eval=frame,setsar=1[picture${index}]`,
        `[base${pictures}][picture${index}]overlay=${at}:eof_action=pass[base${pictures + 1}]`,
      );
      pictures += 1;
    }
    if (hasAudio) {
      graph.push(`[${index}:a]aresample=48000:async=1000:first_pts=0,aformat=channel_layouts=mono[voice${index + 1}]`);
      voices.push(`[voice${index + 1}]`);
    }
  });
  graph.push(`${voices.join('')}amix=inputs=${voices.length}:duration=first:normalize=0[sound]`);
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
    ...inputs.flatMap(({ atMs, lastsMs }, index) => [
      // A camera that changes its size on a weak line: the graph would begin anew, and lose sound.
      ...['-reinit_filter:v', '0'],
      ...['-itsoffset', seconds(atMs), '-t', seconds(lastsMs), '-f', 'matroska', '-i', `pipe:${index + 3}`],
    ]),
    ...['-filter_complex', graph.join(';'), '-map', `[base${pictures}]`, '-map', '[sound]', '-t', seconds(durationMs)],
    ...[
      '-c:v',
      'libvpx',
      '-deadline',
      'realtime',
      '-cpu-used',
      '6',
      '-auto-alt-ref',
      '0',
      '-pix_fmt',
      'yuv420p',
      '-b:v',
      `${500 * tiles.length}k`,
    ],
    ...['-g', String(FRAMES_PER_SECOND * 5), '-threads', '1', '-c:a', 'libopus', '-b:a', '48k'],
    ...['-f', 'webm', '-cluster_time_limit', '2000', 'pipe:1'],
  ];
}

/** People before what they show. */
const rank = (tile: string): number => (tile.endsWith('/person') ? 0 : 1);
