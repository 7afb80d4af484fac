// What lies over the map beside its own buttons: what it is waiting for, which day it shows.

import { PlacingBanner } from './create';
import { PastBanner, Time } from './time';

export function Over() {
  return (
    <>
      <div class="over-top"><PastBanner /><PlacingBanner /></div>
      <Time />
    </>
  );
}
