// A date: typed in any usual spelling, or chosen on the sheet of a month; shown as the language writes it, kept as 2026-11-28.

import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { addMonths, clamp, inside, readDay, stepTo, weeksOf, type Bounds } from '../calendar';
import { dayInView } from '../may';
import { monthName, prose, weekdays } from '../format';
import { layout } from '../ui';
import { say } from '../words';
import { Icon } from './icons';

interface DayProps extends Bounds {
  id?: string | undefined;
  /** 2026-11-28, or nothing. */
  value: string;
  give: (day: string) => void;
  /** What it is called, where no label stands beside it. */
  label?: string | undefined;
  /** A form that says itself what is wrong with a text wants the text. */
  raw?: boolean | undefined;
  /** Whether it may be left empty. */
  needed?: boolean | undefined;
  bad?: boolean | undefined;
  told?: string | undefined;
  /** For those who look for it: the parameter or the field. */
  input?: string | undefined;
  field?: string | undefined;
}

export function Day({ id, value, give, label, min, max, raw = false, needed = false, bad = false, told, input, field }: DayProps) {
  const own = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const text = useRef<HTMLInputElement>(null);
  const known = readDay(value);
  useLayoutEffect(() => { setTyped(null); setWrong(false); }, [value]);

  const take = (given: string): void => {
    const day = readDay(given);
    if (!given.trim() && !needed) { setWrong(false); setTyped(null); give(''); }
    else if (day && (raw || inside(day, { min, max }))) { setWrong(false); setTyped(null); if (day !== value) give(day); }
    else { setTyped(given); setWrong(true); if (raw) give(given); }
  };
  const shut = (): void => { setOpen(false); text.current?.focus(); };

  return (
    <span class="day" ref={box}>
      <input id={id} ref={text} type="text" inputMode={layout.value === 'phone' ? 'none' : undefined} autocomplete="off" spellcheck={false} placeholder={say('page-day-any')}
        value={typed ?? (known ? prose(known) : value)} aria-label={label} aria-invalid={bad || wrong || undefined} aria-describedby={wrong && !raw ? `${own}-wrong` : told}
        onClick={() => layout.value === 'phone' && setOpen(true)}
        onInput={(event) => setTyped(event.currentTarget.value)} onChange={(event) => take(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') { event.preventDefault(); setOpen(true); }
          else if (event.key === 'Enter' && typed !== null) take(typed);
        }}
        data-input={input} data-field={field} data-day={known ?? ''} />
      <button type="button" class="day-open" aria-label={say('page-day-choose')} title={say('page-day-choose')} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name="calendar" size={16} /></button>
      {wrong && !raw && <span class="day-wrong" id={`${own}-wrong`} role="alert">{say('page-day-wrong')}</span>}
      {open && <Sheet at={known} {...{ min, max, needed }} box={box} give={(day) => { give(day); setWrong(false); setTyped(null); shut(); }} shut={shut} leave={() => setOpen(false)} />}
    </span>
  );
}

interface SheetProps extends Bounds {
  at: string | null;
  needed: boolean;
  box: { current: HTMLElement | null };
  give: (day: string) => void;
  /** Closed by hand: back to the field. */
  shut: () => void;
  /** Closed because the reader is elsewhere already. */
  leave: () => void;
}

function Sheet({ at, min, max, needed, box, give, shut, leave }: SheetProps) {
  const bounds = { min, max };
  const today = dayInView();
  const [on, setOn] = useState(clamp(at ?? today, bounds));
  const sheet = useRef<HTMLDivElement>(null);
  const walked = useRef(true);
  useLayoutEffect(() => {
    const [mine, frame] = [sheet.current, box.current?.getBoundingClientRect()];
    if (!mine || !frame) return;
    // Above all else on the page, whatever scrolls or clips around the field.
    mine.showPopover?.();
    const { width, height } = mine.getBoundingClientRect();
    mine.style.left = `${Math.max(8, Math.min(frame.left, innerWidth - width - 8))}px`;
    mine.style.top = `${frame.bottom + 4 + height <= innerHeight - 8 ? frame.bottom + 4 : Math.max(8, frame.top - height - 4)}px`;
  }, []);
  useEffect(() => {
    const away = (event: Event): void => { if (!(event.target instanceof Node && box.current?.contains(event.target))) leave(); };
    const moved = (event: Event): void => { if (!(event.target instanceof Node && sheet.current?.contains(event.target))) leave(); };
    document.addEventListener('pointerdown', away);
    document.addEventListener('scroll', moved, { capture: true, passive: true });
    addEventListener('resize', leave);
    return () => { document.removeEventListener('pointerdown', away); document.removeEventListener('scroll', moved, { capture: true }); removeEventListener('resize', leave); };
  }, []);
  useEffect(() => {
    if (walked.current) sheet.current?.querySelector<HTMLElement>(`[data-on="${on}"]`)?.focus({ preventScroll: true });
    walked.current = false;
  }, [on]);
  const walk = (event: KeyboardEvent): void => {
    const to = stepTo(event.key, on);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    walked.current = true;
    setOn(clamp(to, bounds));
  };
  const turn = (steps: number): void => setOn(clamp(addMonths(on, steps), bounds));
  const month = on.slice(0, 7);
  return (
    <div class="day-sheet" ref={sheet} popover="manual" role="dialog" aria-label={say('page-day-choose')} data-day-sheet
      onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); shut(); } }}
      onFocusOut={(event) => { if (event.relatedTarget instanceof Node && !box.current?.contains(event.relatedTarget)) leave(); }}>
      <div class="day-head">
        <button type="button" class="icon-button" aria-label={say('page-month-before')} disabled={Boolean(min && `${month}-01` <= min)} onClick={() => turn(-1)}><span class="turned-left"><Icon name="chevron" size={16} /></span></button>
        <strong aria-live="polite">{monthName(on)}</strong>
        <button type="button" class="icon-button" aria-label={say('page-month-after')} disabled={Boolean(max && month >= max.slice(0, 7))} onClick={() => turn(1)}><span class="turned-right"><Icon name="chevron" size={16} /></span></button>
      </div>
      <table role="grid" aria-label={monthName(on)} onKeyDown={walk}>
        <thead><tr>{weekdays().map((one) => <th key={one.long} scope="col" abbr={one.long}>{one.short}</th>)}</tr></thead>
        <tbody>
          {weeksOf(on).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} role="gridcell" aria-selected={day === at}>
                  <button type="button" class={`day-cell${day.slice(0, 7) === month ? '' : ' other'}${day === today ? ' today' : ''}`} disabled={!inside(day, bounds)} tabIndex={day === on ? 0 : -1} aria-label={prose(day)} aria-current={day === today ? 'date' : undefined} onClick={() => give(day)} data-on={day}>{Number(day.slice(8))}</button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="day-foot">
        {!needed && at && <button type="button" class="link" onClick={() => give('')}>{say('page-day-none')}</button>}
        {inside(today, bounds) && <button type="button" class="link last" onClick={() => give(today)}>{say('page-today')}</button>}
      </div>
    </div>
  );
}
