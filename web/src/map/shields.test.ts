import { expect, test } from 'vitest';
import { shields } from './shields';

const screen = { width: 800, height: 600, project: ([x = 0, y = 0]: number[]) => ({ x, y }) };
const road = (ref: string | null, ...coordinates: number[][]) => ({ type: 'Feature' as const, properties: { ref }, geometry: { type: 'LineString' as const, coordinates } });

test('a road shield never stands where the frame would cut it', () => {
  const placed = shields([road('G112', [-500, 300], [1300, 300])], screen);
  expect(placed.length).toBeGreaterThan(1);
  for (const { geometry } of placed) {
    const x = geometry.type === 'Point' ? geometry.coordinates[0]! : NaN;
    expect(x).toBeGreaterThanOrEqual(40);
    expect(x).toBeLessThanOrEqual(760);
  }
});

test('shields of one road keep apart, and roads without a number get none', () => {
  expect(shields([road(null, [0, 300], [800, 300]), road('', [0, 300], [800, 300])], screen)).toEqual([]);
  expect(shields([road('G112', [100, 300], [300, 300]), road('G112', [300, 300], [400, 300])], screen)).toHaveLength(1);
});
