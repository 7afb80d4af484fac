// Photos: taken or chosen, sent at once, shown small; and the large view of what is in the ledger.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Shot } from '../drafting';
import { upload } from '../ledger';
import type { Photo } from '../story';
import { layout } from '../ui';
import { prose } from '../format';
import { say, title } from '../words';
import { sentence } from './fault';
import { Icon } from './icons';

let count = 0;
const accepted = ['image/jpeg', 'image/png', 'image/webp'];

type Told = (change: (before: readonly Shot[]) => Shot[]) => void;

/** Sends files and tells of every step; what is no photo is said to be none. */
export function take(files: Iterable<File>, told: Told): void {
  for (const file of files) {
    const shot: Shot = { key: `shot-${++count}`, preview: URL.createObjectURL(file), evidence: null, fault: accepted.includes(file.type) ? null : say('page-photo-type') };
    told((before) => [...before, shot]);
    if (shot.fault) continue;
    const update = (patch: Partial<Shot>): void => told((before) => before.map((one) => (one.key === shot.key ? { ...one, ...patch } : one)));
    upload(file).then((evidence) => update({ evidence }), (fault: unknown) => update({ fault: sentence(fault) }));
  }
}

/** A form takes photos wherever they are dropped on it. */
export function dropping(told: Told): { onDragOver: (event: DragEvent) => void; onDrop: (event: DragEvent) => void } {
  return {
    onDragOver: (event) => event.preventDefault(),
    onDrop: (event) => {
      event.preventDefault();
      take(event.dataTransfer?.files ?? [], told);
    },
  };
}

export function Shots({ shots, told }: { shots: readonly Shot[]; told: Told }) {
  const remove = (shot: Shot): void => {
    URL.revokeObjectURL(shot.preview);
    told((before) => before.filter((one) => one.key !== shot.key));
  };
  const bad = shots.find((one) => one.fault);
  return (
    <div class="shots" data-shots={shots.filter((one) => one.evidence).length}>
      {shots.map((one, i) => (
        <span key={one.key} class={one.fault ? 'shot bad' : one.evidence ? 'shot' : 'shot busy'}>
          <img src={one.preview} alt={say('page-photo-number', { count: i + 1 })} />
          <button type="button" aria-label={say('page-photo-remove', { count: i + 1 })} onClick={() => remove(one)}><Icon name="close" size={14} /></button>
        </span>
      ))}
      {layout.value === 'phone' && <Add told={told} label={say('page-photo-take')} icon="camera" capture />}
      <Add told={told} label={layout.value === 'phone' ? say('page-photo-choose') : say('page-photo-add')} icon="plus" />
      {bad && <p class="field-told bad" role="alert">{bad.fault}</p>}
    </div>
  );
}

function Add({ told, label, icon, capture = false }: { told: Told; label: string; icon: 'camera' | 'plus'; capture?: boolean }) {
  return (
    <label class="shot add">
      <Icon name={icon} />
      <span>{label}</span>
      <input type="file" accept={accepted.join(',')} multiple={!capture} {...(capture ? { capture: 'environment' } : {})}
        onChange={(event) => { take(event.currentTarget.files ?? [], told); event.currentTarget.value = ''; }} />
    </label>
  );
}

const viewed = signal<{ all: readonly Photo[]; at: number } | null>(null);

export function Thumbnails({ all, shown }: { all: readonly Photo[]; shown: readonly Photo[] }) {
  return (
    <span class="thumbs">
      {shown.map((one) => (
        <button key={one.evidence.id} class="thumb" onClick={() => (viewed.value = { all, at: all.indexOf(one) })} aria-label={say('page-photo-of', { title: title(one.event.titles), day: prose(one.event.on) })} data-photo={one.evidence.id}>
          <img src={one.evidence.thumbnail} alt="" loading="lazy" />
        </button>
      ))}
    </span>
  );
}

/** How it was and how it is, side by side. */
export function BeforeAfter({ all, pair }: { all: readonly Photo[]; pair: { before: Photo; after: Photo } }) {
  return (
    <div class="before-after" data-before-after>
      {(['before', 'after'] as const).map((side) => {
        const one = pair[side];
        return (
          <figure key={side}>
            <button onClick={() => (viewed.value = { all, at: all.indexOf(one) })} aria-label={say('page-photo-of', { title: title(one.event.titles), day: prose(one.event.on) })}><img src={one.evidence.thumbnail} alt="" /></button>
            <figcaption><b>{say(side === 'before' ? 'page-before' : 'page-after')}</b> {one.event.on}</figcaption>
          </figure>
        );
      })}
    </div>
  );
}

export function Viewer() {
  const box = useRef<HTMLDialogElement>(null);
  const open = viewed.value !== null;
  useEffect(() => {
    if (open) box.current?.showModal();
  }, [open]);
  if (!viewed.value) return null;
  const { all, at } = viewed.value;
  const one = all[at];
  const turn = (by: number): void => {
    const next = at + by;
    if (next >= 0 && next < all.length) viewed.value = { all, at: next };
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') turn(-1);
    if (event.key === 'ArrowRight') turn(1);
    event.stopPropagation();
  };
  return one && (
    <dialog class="viewer" ref={box} onClose={() => (viewed.value = null)} onKeyDown={key} aria-label={say('page-photos')} onClick={(event) => event.target === box.current && box.current?.close()}>
      <img src={one.evidence.url} alt={say('page-photo-of', { title: title(one.event.titles), day: prose(one.event.on) })} />
      <div class="viewer-bar">
        <button class="action only-icon" aria-label={say('page-earlier')} disabled={at === 0} onClick={() => turn(-1)}><Icon name="back" /></button>
        <span>{title(one.event.titles)} · {one.event.on}{one.event.by ? ` · ${one.event.by}` : ''} <span class="quiet">{at + 1} / {all.length}</span></span>
        <button class="action only-icon flip" aria-label={say('page-later')} disabled={at === all.length - 1} onClick={() => turn(1)}><Icon name="back" /></button>
        <button class="action only-icon" aria-label={say('page-close')} onClick={() => box.current?.close()}><Icon name="close" /></button>
      </div>
    </dialog>
  );
}
