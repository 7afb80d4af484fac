// What was just done, for a few seconds, and the way back while it is seen.

import { useEffect } from 'preact/hooks';
import { toast } from '../ui';
import { say } from '../words';

export function Toast() {
  const now = toast.value;
  const undo = (): void => {
    const back = toast.value?.undo;
    toast.value = null;
    back?.();
  };
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      const typing = (event.target as HTMLElement).closest('input, textarea, select');
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || typing || !toast.value?.undo) return;
      event.preventDefault();
      undo();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, []);
  return (
    <div class="toast" role="status" aria-live="polite">
      {now && <span class={now.bad ? 'bad' : undefined}>{now.text}{now.undo && <button onClick={undo} data-toast-undo>{say('page-undo')}</button>}</span>}
    </div>
  );
}
