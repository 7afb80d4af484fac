// A legend swatch: the same values, outlines and hatch as on the map.

import { useId } from 'preact/hooks';
import { charAt, outlines } from '../map/shape';
import { mutedOpacity, type Swatch as Values } from '../style';

export function Swatch({ values, muted = false, small = false, gap = false }: { values: Values; muted?: boolean; small?: boolean; gap?: boolean }) {
  const id = useId();
  const size = small ? 16 : 22;
  const opacity = muted ? mutedOpacity : 1;
  return (
    <svg class="swatch" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" style={{ opacity }}>
      {(values.hatch || gap) && (
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" fill={gap ? '#F9E4D6' : values.draw === 'badge' ? values.fill : '#fff'} />
          <rect width="1.9" height="6" fill={values.draw === 'badge' && !gap ? 'rgb(255 255 255 / 55%)' : values.fill} />
        </pattern>
      )}
      <Body values={values} paint={values.hatch || gap ? `url(#${id})` : values.fill} />
    </svg>
  );
}

function Body({ values, paint }: { values: Values; paint: string }) {
  const { draw, badge, outline, width, opacity, fill } = values;
  if (draw === 'line') {
    const stroke = Math.max(2.4, width * 1.15);
    return (
      <>
        <path d="M2 15C8 15 10 9 22 9" fill="none" stroke={outline} stroke-width={stroke + 2.6} stroke-linecap="round" />
        <path d="M2 15C8 15 10 9 22 9" fill="none" stroke={fill} stroke-width={stroke} stroke-linecap="round" />
      </>
    );
  }
  if (draw === 'badge' && badge) {
    const { x, y, size } = charAt(badge.shape);
    return (
      <>
        <path d={outlines[badge.shape]} fill={paint} />
        <text x={x} y={y} font-size={size} font-weight="600" fill="#fff" text-anchor="middle" dominant-baseline="central">{badge.char}</text>
      </>
    );
  }
  // White hairlines need something to stand on, so light outlines get the panel's own rule around them.
  const light = outline.toUpperCase() === '#FFFFFF';
  return <rect x="3" y="4" width="18" height="16" rx="3" fill={paint} fill-opacity={opacity < 0.3 ? opacity * 2 : opacity} stroke={light ? '#C5CDD2' : outline} stroke-width={Math.max(1.2, Math.min(2.4, width * 1.2))} />;
}
