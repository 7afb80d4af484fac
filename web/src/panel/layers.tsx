// The list of layers, which is the legend.

import { signal } from '@preact/signals';
import { catalog } from '../catalog';
import { layers, leftOut, manyFeatures, retryLayer, type Loaded } from '../data';
import { number } from '../format';
import { from, muted, never } from '../showing';
import { force, state, toggleClass, toggleLayer } from '../state';
import { swatch } from '../style';
import type { Collection } from '../types';
import { say, title } from '../words';
import { sentence } from './fault';
import { Icon } from './icons';
import { Swatch } from './swatch';

const groups = ['base', 'facility', 'risk', 'work'];
/** Rows that the reader has opened or closed, against what they would be of themselves. */
const turned = signal<readonly string[]>([]);

export function Layers() {
  const all = catalog.value?.layers ?? [];
  const others = [...new Set(all.map((one) => one.group ?? 'work'))].filter((one) => !groups.includes(one));
  return (
    <div class="layers">
      {[...groups, ...others].map((group) => {
        const here = all.filter((one) => (one.group ?? 'work') === group);
        return here.length > 0 && (
          <section key={group} aria-label={say(`page-group-${group}`)}>
            <h3>{say(`page-group-${group}`)}</h3>
            <ul>{here.map((one) => <Row key={one.id} layer={one} />)}</ul>
          </section>
        );
      })}
    </div>
  );
}

function Row({ layer }: { layer: Collection }) {
  const loaded = layers.value[layer.id];
  const off = state.value.hidden.includes(layer.id);
  const name = title(layer.titles);
  const total = loaded?.matched ?? layer.count ?? 0;
  const classes = (layer.style.class && layer.style.classes) || [];
  const quiet = muted(layer);
  const classed = classes.length > 0 && !off;
  const chosen = (state.value.only[layer.id] ?? []).length > 0;
  const open = classed && (chosen || quiet === turned.value.includes(layer.id));
  return (
    <li class={off ? 'layer off' : 'layer'}>
      <div class="layer-row">
        <Swatch values={swatch(layer.style)} muted={quiet} />
        {classed ? (
          <button class="layer-name" title={name} aria-expanded={open} onClick={() => turn(layer.id)}><span>{name}</span><Icon name="chevron" size={14} /></button>
        ) : <span class="layer-name" title={name}><span>{name}</span></span>}
        <span class="count">{number(total)}</span>
        <button class="switch" role="switch" aria-checked={!off} disabled={total === 0} aria-label={say('page-layer-switch', { title: name })} onClick={() => toggleLayer(layer.id)} data-layer={layer.id} />
      </div>
      {!off && <Note layer={layer} loaded={loaded} total={total} />}
      {open && <Classes layer={layer} loaded={loaded} quiet={quiet} />}
    </li>
  );
}

function turn(id: string): void {
  turned.value = turned.value.includes(id) ? turned.value.filter((one) => one !== id) : [...turned.value, id];
}

function Note({ layer, loaded, total }: { layer: Collection; loaded: Loaded | undefined; total: number }) {
  if (!loaded) return null;
  const shown = number(loaded.features.length);
  const count = number(total);
  if (loaded.status === 'failed') {
    return (
      <p class="layer-note bad" role="alert">
        <Icon name="warn" size={14} /> {say('page-layer-failed')}：{sentence(loaded.fault)}
        <button class="link" onClick={() => retryLayer(layer.id)}>{say('page-retry')}</button>
      </p>
    );
  }
  if (loaded.status === 'far') {
    const out = leftOut.value[layer.id] ?? 0;
    return <p class="layer-note">{out ? say('page-layer-thinned', { value: number(out), count }) : say('page-layer-far', { count })}</p>;
  }
  if (loaded.status === 'loading') return <span class="layer-busy" role="status" aria-label={say('page-loading')} />;
  if (loaded.windowed) return <p class="layer-note">{say('page-layer-window', { shown, count })}</p>;
  if (total > manyFeatures && loaded.features.length < total) return <p class="layer-note">{say('page-layer-part', { shown, count })}</p>;
  if (from(layer) === never) return <p class="layer-note">{say('page-layer-asked')} <button class="link" onClick={() => force(layer.id)}>{say('page-layer-show')}</button></p>;
  if (from(layer) > (state.value.view?.zoom ?? 99)) {
    return <p class="layer-note">{say('page-layer-dense')} <button class="link" onClick={() => force(layer.id)}>{say('page-layer-now')}</button></p>;
  }
  if (state.value.forced.includes(layer.id)) return <p class="layer-note"><button class="link" onClick={() => force(layer.id)}>{say('page-layer-later')}</button></p>;
  if (total === 0) return <p class="layer-note">{say('page-layer-empty')}</p>;
  return null;
}

/** The classes that the data has, each with how many there are of it. */
function Classes({ layer, loaded, quiet }: { layer: Collection; loaded: Loaded | undefined; quiet: boolean }) {
  const { style } = layer;
  const attribute = layer.attributes.find((one) => one.name === style.class);
  const only = state.value.only[layer.id] ?? [];
  const tally = new Map<string, number>();
  for (const feature of loaded?.features ?? []) {
    const value = String(feature.properties[style.class!] ?? '');
    tally.set(value, (tally.get(value) ?? 0) + 1);
  }
  const present = (style.classes ?? []).filter((one) => tally.has(one.value) || only.includes(one.value));
  if (present.length < 2) return null;
  return (
    <ul class="classes">
      {present.map((one) => {
        const choice = attribute?.domain?.find((each) => each.value === one.value);
        const name = choice ? title(choice) : one.value;
        const dim = only.length > 0 && !only.includes(one.value);
        return (
          <li key={one.value}>
            <button class={dim ? 'class dim' : 'class'} aria-pressed={only.includes(one.value)} title={say('page-layer-only', { title: name })} onClick={() => toggleClass(layer.id, one.value)}>
              <Swatch values={swatch(style, one)} muted={quiet} small />
              <span>{name}</span>
              <span class="count">{number(tally.get(one.value) ?? 0)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
