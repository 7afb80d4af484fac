// Export: plain links to the server's own formats, of the whole answer or of a layer.

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { segment } from '../address';
import { exportPath, formats, type Format } from '../api';
import { catalog } from '../catalog';
import { answer, dated, layers } from '../data';
import { number } from '../format';
import { process, state } from '../state';
import type { Collection } from '../types';
import { lang, say, title } from '../words';
import { Icon } from './icons';

const names: Record<Format, string> = { geojson: 'GeoJSON', csv: 'CSV', gpkg: 'GeoPackage', fgb: 'FlatGeobuf' };
/** Where room is short. */
const shorter: Record<Format, string> = { ...names, gpkg: 'GPKG', fgb: 'FGB' };
const open = signal(false);

/** 未清理水体_2026-10-31.csv */
function fileName(text: string, format: Format): string {
  const day = state.value.day ?? catalog.value?.map.today ?? '';
  return `${text}_${day}.${format}`.replace(/[\s/\\:*?"<>|]+/g, '-');
}

/** The server's own page of a collection, or of all of them: what it is, its schema, every format. */
function pageOf(id?: string): string {
  return `/collections${id ? `/${segment(id)}` : ''}?f=html&lang=${lang.value}`;
}

/** The classes chosen in the legend narrow the export as they narrow the map. */
function classFilter(layer: Collection): string | null {
  const only = state.value.only[layer.id] ?? [];
  if (!only.length || !layer.style.class) return null;
  return `${layer.style.class} IN (${only.map((one) => `'${one.replaceAll("'", "''")}'`).join(',')})`;
}

export function ExportLinks({ id, name, filter = null, short = false }: { id: string; name: string; filter?: string | null; short?: boolean }) {
  return (
    <span class="formats">
      {formats.map((format) => (
        <a key={format} href={exportPath(id, format, filter)} download={fileName(name, format)} data-format={format} title={names[format]} aria-label={`${name} ${(short ? shorter : names)[format]}`}>{(short ? shorter : names)[format]}</a>
      ))}
    </span>
  );
}

export function Export() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const away = (event: MouseEvent): void => {
      if (!box.current?.contains(event.target as Node)) open.value = false;
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') open.value = false;
    };
    addEventListener('mousedown', away);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('mousedown', away);
      removeEventListener('keydown', escape);
    };
  }, []);
  return (
    <div class="export" ref={box}>
      <button class="action" aria-expanded={open.value} aria-controls="export-menu" onClick={() => (open.value = !open.value)}>
        <Icon name="export" /><span>{say('page-export')}</span>
      </button>
      {open.value && <Menu />}
    </div>
  );
}

function Menu() {
  const now = answer.value;
  return (
    <div class="menu export-menu" id="export-menu" role="region" aria-label={say('page-export-what')}>
      {now?.status === 'ready' && process.value && (
        <div class="export-row first">
          <strong>{title(process.value.titles)}</strong>
          <span class="quiet">{say('page-export-result', { count: number(now.matched ?? 0) })}</span>
          <ExportLinks id={now.id} name={title(process.value.titles)} />
        </div>
      )}
      {(catalog.value?.layers ?? []).map((layer) => {
        const loaded = layers.value[layer.id];
        return (
          <div class="export-row" key={layer.id}>
            <a href={pageOf(dated(layer.id, state.value.day))}>{title(layer.titles)}</a>
            <span class="count">{number(loaded?.matched ?? layer.count ?? 0)}</span>
            <ExportLinks id={dated(layer.id, state.value.day)} name={title(layer.titles)} filter={classFilter(layer)} />
          </div>
        );
      })}
      <p class="menu-note">{say('page-export-note')} <a href={pageOf()}>{say('page-export-catalogue')}</a></p>
    </div>
  );
}
