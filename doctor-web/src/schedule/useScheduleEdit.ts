import type { AppError, PractitionerRoleId } from '@cloud-hospital/protocol';
import type { ScheduleEdit, ScheduleEffect } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface PendingEdit {
  readonly edit: ScheduleEdit;
  readonly effect: ScheduleEffect;
}

export interface ScheduleEditing {
  /** Looks what it would do; done at once where nobody's booked time goes, else `pending` until confirmed. */
  readonly submit: (edit: ScheduleEdit, onDone?: () => void) => void;
  readonly pending: PendingEdit | null;
  readonly confirm: () => void;
  readonly dismiss: () => void;
  readonly busy: boolean;
  readonly error: AppError | null;
}

/** Preview, confirmation, edit: nobody's booked time goes unseen. */
export function useScheduleEdit(practitionerRoleId: PractitionerRoleId): ScheduleEditing {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const [pending, setPending] = useState<(PendingEdit & { readonly onDone: (() => void) | undefined }) | null>(null);
  const preview = useMutation(query.schedules.preview.mutationOptions());
  const edit = useMutation(
    query.schedules.edit.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.schedules.key() }),
    }),
  );
  const write = (wanted: ScheduleEdit, effect: ScheduleEffect, onDone: (() => void) | undefined): void => {
    edit.mutate(
      { practitionerRoleId, edit: wanted, confirmed: effect.affected.map(({ appointmentId }) => appointmentId) },
      {
        onSuccess: (done) => {
          setPending(null);
          void message.success(
            t('schedule.done', { added: done.slotsAdded, removed: done.slotsRemoved, asked: done.affected.length }),
          );
          onDone?.();
        },
        onError: (error) => {
          // Somebody booked since: look again at who is affected.
          if (error.details?.['reason'] === 'affected-changed') submit(wanted, onDone);
        },
      },
    );
  };
  const submit = (wanted: ScheduleEdit, onDone?: () => void): void => {
    edit.reset();
    preview.mutate(
      { practitionerRoleId, edit: wanted },
      {
        onSuccess: (effect) => {
          if (effect.affected.length === 0) write(wanted, effect, onDone);
          else setPending({ edit: wanted, effect, onDone });
        },
      },
    );
  };
  return {
    submit,
    pending,
    confirm: () => {
      if (pending !== null) write(pending.edit, pending.effect, pending.onDone);
    },
    dismiss: () => setPending(null),
    busy: preview.isPending || edit.isPending,
    error: preview.error ?? edit.error,
  };
}
