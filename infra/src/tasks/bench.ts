import { runProgram } from './runProgram.ts';

await runProgram(
  'tests/bench/runBench.ts',
  ['redis-server', 'haproxy', 'chromium', 'fonts-noto-cjk', 'ffmpeg', 'espeak-ng'],
  // What the media node is measured against.
  ['janus'],
);
