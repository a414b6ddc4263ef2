import type { EncounterId } from '@cloud-hospital/protocol';
import { EMPTY_NOTE, type Encounter, type NoteContent } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { withoutEmptyLines } from './noteContent.ts';

/** Quiet time after a key press before the draft is sent. Milliseconds. */
const AUTOSAVE_MS = 1_000;
const RETRY_MS = 3_000;

export type DraftStatus = 'clean' | 'dirty' | 'saving' | 'failing' | 'conflict';

export interface NoteDraft {
  readonly content: NoteContent;
  readonly status: DraftStatus;
  readonly savedAt: string | null;
  readonly change: (part: Partial<NoteContent>) => void;
  /** Takes another window's newer text over one's own. */
  readonly loadNewer: (note: NonNullable<Encounter['note']>) => void;
}

/** Unsent text survives a crashed tab; per encounter, gone once the server has it. Never anything else is kept here. */
const storageKey = (encounterId: EncounterId): string => `ch-note:${encounterId}`;

function readUnsent(encounterId: EncounterId): NoteContent | null {
  const text = sessionStorage.getItem(storageKey(encounterId));
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...EMPTY_NOTE, ...value } : null;
}

/**
 * The note while it is being written: saved a second after the last key, retried until the server has it, and never
 * overwriting what another window wrote meanwhile.
 */
export function useNoteDraft(encounter: Encounter): NoteDraft {
  const { encounterId } = encounter;
  const { query } = useApi();
  const [content, setContent] = useState<NoteContent>(
    () => readUnsent(encounterId) ?? encounter.note?.content ?? encounter.report?.content ?? EMPTY_NOTE,
  );
  const [status, setStatus] = useState<DraftStatus>(() => (readUnsent(encounterId) === null ? 'clean' : 'dirty'));
  const [savedAt, setSavedAt] = useState<string | null>(encounter.note?.savedAt ?? null);
  const version = useRef(encounter.note?.version ?? 0);
  const latest = useRef(content);
  /** What the save under way holds. */
  const sent = useRef(content);

  const save = useMutation(
    // The callbacks run after an answer, never while rendering.
    // oxlint-disable-next-line react/refs
    query.encounters.saveNote.mutationOptions({
      retry: false,
      onSuccess: (saved) => {
        version.current = saved.version;
        setSavedAt(saved.savedAt);
        const isNewest = latest.current === sent.current;
        if (isNewest) sessionStorage.removeItem(storageKey(encounterId));
        setStatus(isNewest ? 'clean' : 'dirty');
      },
      onError: (error) => setStatus(error.code === 'VERSION_CONFLICT' ? 'conflict' : 'failing'),
    }),
  );
  const { mutate } = save;

  useEffect(() => {
    if (status !== 'dirty' && status !== 'failing') return;
    const timer = setTimeout(
      () => {
        sent.current = latest.current;
        setStatus('saving');
        mutate({ encounterId, content: withoutEmptyLines(sent.current), baseVersion: version.current });
      },
      status === 'dirty' ? AUTOSAVE_MS : RETRY_MS,
    );
    return () => clearTimeout(timer);
  }, [status, content, encounterId, mutate]);

  const change = useCallback(
    (part: Partial<NoteContent>) => {
      const next = { ...latest.current, ...part };
      latest.current = next;
      setContent(next);
      sessionStorage.setItem(storageKey(encounterId), JSON.stringify(next));
      // While a save is under way its answer finds the newer text and saves again.
      setStatus((before) => (before === 'saving' || before === 'conflict' ? before : 'dirty'));
    },
    [encounterId],
  );
  const loadNewer = useCallback(
    (note: NonNullable<Encounter['note']>) => {
      latest.current = note.content;
      version.current = note.version;
      setContent(note.content);
      setSavedAt(note.savedAt);
      sessionStorage.removeItem(storageKey(encounterId));
      setStatus('clean');
    },
    [encounterId],
  );
  return { content, status, savedAt, change, loadNewer };
}
