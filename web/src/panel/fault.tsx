// What went wrong, in plain words, with a way on.

import { Problem } from '../api';
import { say } from '../words';

export function sentence(fault: unknown): string {
  if (fault instanceof Problem) return fault.message;
  return say('page-server-gone');
}

function detail(fault: unknown): string {
  if (fault instanceof Problem) return [fault.status, fault.code, fault.parameter].filter(Boolean).join(' · ');
  return String(fault);
}

export function Fault({ title, fault, retry }: { title: string; fault: unknown; retry?: () => void }) {
  return (
    <div class="fault" role="alert">
      <p class="fault-title">{title}</p>
      <p>{sentence(fault)}</p>
      <details>
        <summary>{say('page-detail')}</summary>
        <code>{detail(fault)}</code>
      </details>
      {retry && <button class="button" onClick={retry}>{say('page-retry')}</button>}
    </div>
  );
}
