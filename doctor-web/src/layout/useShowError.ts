import type { AppError } from '@cloud-hospital/protocol';
import { useErrorText } from '@cloud-hospital/ui';
import { App } from 'antd';
import { useCallback } from 'react';

/** Says in a corner what went wrong with something just pressed, without moving what the specialist reads. */
export function useShowError(): (error: AppError) => void {
  const { notification } = App.useApp();
  const text = useErrorText();
  return useCallback(
    (error) => {
      const { what, advice } = text(error);
      notification.error({ title: what, description: advice, placement: 'bottomLeft', key: error.code });
    },
    [notification, text],
  );
}
