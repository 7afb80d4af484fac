// One tab a question, and first the board.

import { boardId } from '../board';
import { catalog } from '../catalog';
import { ask, process } from '../state';
import { has, say, title } from '../words';

export function Tabs() {
  // The board first: what is under way comes before what might be asked.
  const every = catalog.value?.processes ?? [];
  const all = [...every.filter((one) => one.id === boardId), ...every.filter((one) => one.id !== boardId)];
  const now = process.value;
  const walk = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!way || !now) return;
    const next = all[(all.indexOf(now) + way + all.length) % all.length]!;
    ask(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
    event.preventDefault();
  };
  return (
    <div class={all.length > 7 ? 'tabs many' : 'tabs'} role="tablist" aria-label={say('page-analyses')} onKeyDown={walk}>
      {all.map((one) => {
        const on = one === now;
        const reason = one.fit.fits ? null : title(one.fit.reasons);
        const key = `page-tab-${one.id}`;
        return (
          <button key={one.id} id={`tab-${one.id}`} role="tab" aria-selected={on} aria-controls="answer" tabIndex={on ? 0 : -1}
            class={reason === null ? 'tab' : 'tab unfit'} title={reason ?? title(one.titles)} aria-description={reason ?? undefined} aria-disabled={reason !== null || undefined} onClick={() => ask(one.id)}>
            {has(key) ? say(key) : title(one.titles)}
          </button>
        );
      })}
    </div>
  );
}
