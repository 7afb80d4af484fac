// Line icons on a 20 × 20 sheet.

const paths = {
  search: 'M8.8 3.5a5.3 5.3 0 1 1 0 10.6a5.3 5.3 0 1 1 0-10.6zM12.7 12.7l4 4',
  share: 'M11 5.5V3l6 5.2-6 5.2v-2.6c-4 0-6.400 1.300-8 4.200 0-5.500 3-9 8-9.500z',
  export: 'M10 3v9m0 0l-3.500-3.500M10 12l3.500-3.500M3.500 13.500v3h13v-3',
  layers: 'M10 3l7 3.800-7 3.800-7-3.800zM3 10.300l7 3.800 7-3.800M3 13.700l7 3.800 7-3.800',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3.500 7.500v-4h4M12.500 3.500h4v4M16.500 12.500v4h-4M7.500 16.500h-4v-4',
  locate: 'M10 6a4 4 0 1 1 0 8a4 4 0 1 1 0-8zM10 2.500v3M10 14.500v3M2.500 10h3M14.500 10h3',
  back: 'M12.500 4.500L7 10l5.500 5.500',
  close: 'M5 5l10 10M15 5L5 15',
  chevron: 'M5.500 8l4.500 4.500L14.500 8',
  check: 'M4 10.500l4 4 8-9',
  warn: 'M10 3.500l7.200 12.800H2.800zM10 8.200v4M10 14.200v.1',
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">
      <path d={paths[name]} />
    </svg>
  );
}
