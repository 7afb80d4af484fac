// The map itself, and the only file that imports the map library. It is told scenes and tells what was pointed at.

import * as library from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Frame } from '../geometry';
import { isTiled, type GeoFeature, type Scene, type Tiled } from '../scene';
import type { Pick, View } from '../state';
import { draw, pixelRatio } from './images';
import { shields } from './shields';

library.setWorkerUrl(workerUrl);

export interface At {
  x: number;
  y: number;
  lon: number;
  lat: number;
}

export interface Listener {
  moved: (view: View, frame: Frame) => void;
  pointed: (at: At | null, picks: readonly Pick[]) => void;
  clicked: (at: At, picks: readonly Pick[]) => void;
  lost: (gone: boolean) => void;
  /** How many features the tiles in view have left out, by layer. */
  thinned: (leftOut: Readonly<Record<string, number>>) => void;
}

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Names {
  map: string;
}

export const noWebgl = 'no-webgl';
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The library wants numbers for ids; ours are words and ride along as a property. */
function carried(source: string, features: readonly GeoFeature[]): GeoJSON.FeatureCollection {
  const collection = source.split('#')[0]!;
  return {
    type: 'FeatureCollection',
    features: features
      .flatMap((one) => (one.geometry ? [{ type: 'Feature' as const, geometry: one.geometry, properties: { ...one.properties, $id: one.id, $of: collection } }] : [])),
  };
}

export class MapView {
  private map: library.Map;
  private given: Scene = { sources: {}, drawn: [] };
  private wanted: Scene | null = null;
  private ready = false;
  private pinned: library.Marker | null = null;

  constructor(private element: HTMLElement, start: View | Frame, padding: Padding, names: Names, private listener: Listener) {
    const framed = Array.isArray(start);
    this.map = new library.Map({
      container: element,
      style: { version: 8, sources: {}, layers: [{ id: 'paper', type: 'background', paint: { 'background-color': '#F6F4EE' } }] },
      ...(framed
        ? { bounds: start as Frame, fitBoundsOptions: { padding } }
        : { center: [start.lon, start.lat] as [number, number], zoom: start.zoom }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 19,
      fadeDuration: calm.matches ? 0 : 150,
      locale: { 'Map.Title': names.map },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new library.ScaleControl({ maxWidth: 110 }), 'bottom-left');
    this.map.setMissingStyleImageResolver(async (id) => {
      const image = draw(id);
      if (image && !this.map.hasImage(id)) this.map.addImage(id, image, { pixelRatio });
    });
    this.map.on('load', () => {
      this.ready = true;
      if (this.wanted) this.show(this.wanted);
      this.moved();
    });
    this.map.on('moveend', () => this.moved());
    this.map.on('idle', () => {
      this.element.setAttribute('data-idle', 'yes');
      this.listener.thinned(this.leftOut());
    });
    this.map.on('movestart', () => this.element.removeAttribute('data-idle'));
    this.map.on('mousemove', (event) => this.listener.pointed(at(event), this.under(event.point, 4)));
    this.map.on('mouseout', () => this.listener.pointed(null, []));
    this.map.on('click', (event) => this.listener.clicked(at(event), this.under(event.point, 7)));
    this.map.on('webglcontextlost', () => this.listener.lost(true));
    this.map.on('webglcontextrestored', () => this.listener.lost(false));
    new ResizeObserver(() => this.map.resize()).observe(element);
  }

  /** What lies under a place on the screen, the uppermost first, each thing once. */
  private under(point: { x: number; y: number }, reach: number): Pick[] {
    if (!this.ready) return [];
    // What a tile holds is seen, not picked: the rest of it is not here.
    const layers = this.given.drawn.filter((one) => !one['source-layer']).map((one) => one.id).filter((id) => /\/(fill|hatch-.*|line|badge|dot)$/.test(id) && !/^(hovered|selected|ties)/.test(id));
    const box: [[number, number], [number, number]] = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
    const seen = new Set<string>();
    const exact = new Set(this.map.queryRenderedFeatures([point.x, point.y], { layers }).map((one) => `${one.properties.$of}/${one.properties.$id}`));
    return this.map
      .queryRenderedFeatures(box, { layers })
      .map((one) => ({ pick: { collection: String(one.properties.$of), id: String(one.properties.$id) }, kind: one.geometry.type }))
      .filter(({ pick, kind }) => {
        const key = `${pick.collection}/${pick.id}`;
        // Areas must be hit; points and lines may be hit nearby.
        if (seen.has(key) || (kind.endsWith('Polygon') && !exact.has(key))) return false;
        seen.add(key);
        return true;
      })
      .map(({ pick }) => pick);
  }

  /** What the tiles say of themselves: each has a layer for it, where anything was left out. */
  private leftOut(): Record<string, number> {
    const tiled = Object.entries(this.given.sources).filter(([id, source]) => isTiled(source) && this.map.getSource(id));
    return Object.fromEntries(tiled.map(([id]) => {
      const said = this.map.querySourceFeatures(id, { sourceLayer: 'left-out' });
      return [id.split('#')[0]!, said.reduce((sum, one) => sum + Number(one.properties.left_out), 0)];
    }));
  }

  private showTiles(id: string, tiled: Tiled, before: Tiled | null): void {
    const tiles = [new URL(tiled.tiles, location.href).href.replaceAll('%7B', '{').replaceAll('%7D', '}')];
    const source = this.map.getSource(id) as library.VectorTileSource | undefined;
    if (!source) this.map.addSource(id, { type: 'vector', tiles, minzoom: 0, maxzoom: 16 });
    else if (tiled.tiles !== before?.tiles || tiled.revision !== before.revision) source.setTiles(tiles);
  }

  private moved(): void {
    const { lng, lat } = this.map.getCenter();
    const bounds = this.map.getBounds();
    this.placeShields();
    this.listener.moved({ zoom: this.map.getZoom(), lat, lon: lng }, [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
  }

  private placeShields(): void {
    const source = this.map.getSource('shields') as library.GeoJSONSource | undefined;
    if (!source) return;
    const box = this.element.getBoundingClientRect();
    const roads = Object.entries(this.given.sources).filter(([id]) => this.given.drawn.some((one) => one.id === `${id}/casing`)).flatMap(([, features]) => (isTiled(features) ? [] : [...features]));
    const project = (p: GeoJSON.Position): { x: number; y: number } => this.map.project([p[0]!, p[1]!]);
    source.setData({ type: 'FeatureCollection', features: shields(roads, { width: box.width, height: box.height, project }) });
  }

  /** Brings the map from the scene it shows to the one it should: only what differs is touched. */
  show(scene: Scene): void {
    this.wanted = scene;
    if (!this.ready) return;
    this.element.removeAttribute('data-idle');
    const before = this.given;
    for (const [id, features] of Object.entries(scene.sources)) {
      const old = before.sources[id];
      if (isTiled(features)) {
        this.showTiles(id, features, isTiled(old) ? old : null);
        continue;
      }
      if (isTiled(old)) continue;
      const same = old === features || (old && old.length < 2 && old.length === features.length && old[0] === features[0]);
      const source = this.map.getSource(id) as library.GeoJSONSource | undefined;
      if (!source) this.map.addSource(id, { type: 'geojson', data: carried(id, features), tolerance: 0.3 });
      else if (!same) source.setData(carried(id, features));
    }
    const text = new Map(before.drawn.map((one) => [one.id, JSON.stringify(one)]));
    const wanted = new Map(scene.drawn.map((one) => [one.id, JSON.stringify(one)]));
    for (const one of before.drawn) {
      if (one.id !== 'paper' && wanted.get(one.id) !== text.get(one.id)) this.map.removeLayer(one.id);
    }
    let above: string | undefined = this.map.getLayer('shields') ? 'shields' : undefined;
    for (const one of [...scene.drawn].reverse()) {
      if (!this.map.getLayer(one.id)) this.map.addLayer(one as library.AddLayerObject, above);
      // One that the library will not draw must not take those below it along.
      if (this.map.getLayer(one.id)) above = one.id;
    }
    for (const id of Object.keys(before.sources)) {
      if (!(id in scene.sources) && this.map.getSource(id)) this.map.removeSource(id);
    }
    this.given = scene;
    if (!this.map.getLayer('shields')) {
      this.map.addSource('shields', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
      this.map.addLayer({ id: 'shields', type: 'symbol', source: 'shields', layout: { 'icon-image': ['get', 'image'], 'icon-allow-overlap': true } });
    }
    this.placeShields();
  }

  /** Eases to a shape if it is out of view or too small to see. */
  reveal(frame: Frame, padding: Padding, always = false): void {
    const [a, b] = [this.map.project([frame[0], frame[3]]), this.map.project([frame[2], frame[1]])];
    const box = this.element.getBoundingClientRect();
    const inView = a.x >= padding.left && a.y >= padding.top && b.x <= box.width - padding.right && b.y <= box.height - padding.bottom;
    // A badge is the same size at every scale; a shape may be too small to see.
    const extent = Math.max(b.x - a.x, b.y - a.y);
    const tiny = extent > 0 && extent < 24;
    if (inView && !tiny && !always) return;
    const room = { top: padding.top + 60, right: padding.right + 60, bottom: padding.bottom + 60, left: padding.left + 60 };
    const camera = this.map.cameraForBounds(frame, { padding: room, maxZoom: Math.max(15.5, this.map.getZoom()) });
    if (camera) this.map.easeTo({ ...camera, duration: calm.matches ? 0 : 400 });
  }

  jump(view: View): void {
    this.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
  }

  fit(frame: Frame, padding: Padding): void {
    this.map.fitBounds(frame, { padding, duration: calm.matches ? 0 : 400 });
  }

  zoomBy(step: number): void {
    this.map.zoomTo(this.map.getZoom() + step, { duration: calm.matches ? 0 : 200 });
  }

  cursor(hand: boolean): void {
    this.map.getCanvas().style.cursor = hand ? 'pointer' : '';
  }

  /** Places a pin that can be dragged; null takes it away. */
  pin(at: readonly [number, number] | null, moved: (at: [number, number]) => void): void {
    if (!at) {
      this.pinned?.remove();
      this.pinned = null;
      return;
    }
    if (!this.pinned) {
      const element = document.createElement('div');
      element.className = 'pin';
      this.pinned = new library.Marker({ element, draggable: true, anchor: 'bottom' });
      this.pinned.setLngLat([at[0], at[1]]).addTo(this.map);
      // The library makes it focusable and names it in English; the form beside the map is where its place can be typed.
      element.removeAttribute('tabindex');
      element.removeAttribute('role');
      element.removeAttribute('aria-label');
      element.setAttribute('aria-hidden', 'true');
      this.pinned.on('dragend', () => {
        const { lng, lat } = this.pinned!.getLngLat();
        moved([Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6]);
      });
    } else {
      const { lng, lat } = this.pinned.getLngLat();
      if (lng !== at[0] || lat !== at[1]) this.pinned.setLngLat([at[0], at[1]]);
    }
  }

  /** The middle of what is seen above the panels. */
  middle(padding: Padding): [number, number] {
    const box = this.element.getBoundingClientRect();
    const { lng, lat } = this.map.unproject([(padding.left + box.width - padding.right) / 2, (padding.top + box.height - padding.bottom) / 2]);
    return [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];
  }

  /** While a place is asked for, the pointer says so. */
  aim(on: boolean): void {
    this.element.classList.toggle('aiming', on);
  }

  project(lon: number, lat: number): { x: number; y: number } {
    return this.map.project([lon, lat]);
  }

  close(): void {
    this.map.remove();
  }
}

function at(event: library.MapMouseEvent): At {
  return { x: event.point.x, y: event.point.y, lon: event.lngLat.lng, lat: event.lngLat.lat };
}

/** Whether this browser can draw the map at all. */
export function canDraw(): boolean {
  try {
    return Boolean(document.createElement('canvas').getContext('webgl2'));
  } catch {
    return false;
  }
}
