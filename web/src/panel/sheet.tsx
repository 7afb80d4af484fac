// The phone's bottom sheet: three heights, by dragging or by its handle.

import { useRef } from 'preact/hooks';
import { sheetHeight, stop } from '../ui';
import { say } from '../words';

const order = ['peek', 'half', 'full'] as const;
const peek = 92;

export function Sheet({ children }: { children: preact.ComponentChildren }) {
  const box = useRef<HTMLElement>(null);
  const drag = useRef<{ from: number; height: number; moved: boolean } | null>(null);
  const height = stop.value === 'peek' ? `${peek}px` : `${sheetHeight[stop.value] * 100}dvh`;

  const move = (event: PointerEvent): void => {
    if (!drag.current || !box.current) return;
    const by = drag.current.from - event.clientY;
    if (Math.abs(by) > 6) drag.current.moved = true;
    if (drag.current.moved) box.current.style.height = `${Math.max(peek, drag.current.height + by)}px`;
  };
  const end = (): void => {
    const now = drag.current;
    drag.current = null;
    if (!box.current || !now) return;
    if (!now.moved) return void (stop.value = order[(order.indexOf(stop.value) + 1) % 3]!);
    const whole = box.current.parentElement!.clientHeight;
    const share = box.current.clientHeight / whole;
    const nearest = order.map((one) => ({ one, away: Math.abs((one === 'peek' ? peek / whole : sheetHeight[one]) - share) })).sort((a, b) => a.away - b.away)[0]!.one;
    box.current.style.height = nearest === 'peek' ? `${peek}px` : `${sheetHeight[nearest] * 100}dvh`;
    stop.value = nearest;
  };
  return (
    <aside class="sheet" ref={box} style={{ height }} aria-label={say('page-analyses')} data-stop={stop.value}>
      <button class="handle" aria-label={say('page-sheet')}
        onPointerDown={(event) => { drag.current = { from: event.clientY, height: box.current!.clientHeight, moved: false }; event.currentTarget.setPointerCapture(event.pointerId); }}
        onPointerMove={move} onPointerUp={end} onPointerCancel={() => (drag.current = null)}
        onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { stop.value = order[(order.indexOf(stop.value) + 1) % 3]!; event.preventDefault(); } }} />
      {children}
    </aside>
  );
}
