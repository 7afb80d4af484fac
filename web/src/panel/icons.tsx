// Line icons on a 20 × 20 sheet.

const paths = {
  search: 'M8.8 3.5a5.3 5.3 0 1 1 0 10.6a5.3 5.3 0 1 1 0-10.6zM12.7 12.7l4 4',
  share: 'M11 5.5V3l6 5.2-6 5.2v-2.6c-4 0-6.4 1.3-8 4.2 0-5.5 3-9 8-9.5z',
  export: 'M10 3v9m0 0l-3.5-3.5M10 12l3.5-3.5M3.5 13.5v3h13v-3',
  layers: 'M10 3l7 3.8-7 3.8-7-3.8zM3 10.3l7 3.8 7-3.8M3 13.7l7 3.8 7-3.8',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4',
  locate: 'M10 6a4 4 0 1 1 0 8a4 4 0 1 1 0-8zM10 2.5v3M10 14.5v3M2.5 10h3M14.5 10h3',
  back: 'M12.5 4.5L7 10l5.5 5.5',
  close: 'M5 5l10 10M15 5L5 15',
  chevron: 'M5.5 8l4.5 4.5L14.5 8',
  check: 'M4 10.5l4 4 8-9',
  camera: 'M3 6.5h3.2l1.2-2h5.2l1.2 2H17v9.5H3zM10 8.3a2.7 2.7 0 1 1 0 5.4a2.7 2.7 0 1 1 0-5.4z',
  pin: 'M10 17.5c-3.4-4-5.2-6.8-5.2-9.2a5.2 5.2 0 0 1 10.4 0c0 2.4-1.8 5.2-5.2 9.2zM10 6v4.4M7.8 8.2h4.4',
  edit: 'M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2zM11.4 6l2.6 2.6',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5',
  clock: 'M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM10 6v4.2l2.8 1.8',
  play: 'M6.5 4.5v11l9-5.5z',
  pause: 'M7 4.5v11M13 4.5v11',
  user: 'M10 3.5a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4zM3.8 16.8c.6-3.2 2.9-4.7 6.2-4.7s5.6 1.5 6.2 4.7',
  more: 'M4.5 10h.1M10 10h.1M15.5 10h.1',
  undo: 'M7.5 4L4 7.5 7.5 11M4.3 7.5h7.2a4.2 4.2 0 0 1 0 8.4H8',
  warn: 'M10 3.5l7.2 12.8H2.8zM10 8.2v4M10 14.2v.1',
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">
      <path d={paths[name]} />
    </svg>
  );
}
