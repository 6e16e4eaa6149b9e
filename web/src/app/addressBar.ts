// Joins the address of the view with the browser's: Back goes to the view before, moving the map does not count as one.
import { onMounted, onUnmounted, watch } from "vue";
import { type Address, formatAddress, parseAddress } from "../lib/address";
import { goTo, shared } from "../lib/state";

/** What makes a new entry in the browser's history. */
function station(a: Address): string {
  return formatAddress({ ...a, at: null, stack: [] });
}

export function useAddressBar(): void {
  let last = station(shared.address);
  const read = () => {
    const address = parseAddress(location.hash);
    last = station(address);
    goTo(address);
  };
  read();
  watch(
    () => shared.address,
    (address) => {
      const hash = formatAddress(address);
      if (hash === location.hash) return;
      const now = station(address);
      if (now === last) history.replaceState(null, "", hash);
      else history.pushState(null, "", hash);
      last = now;
    },
  );
  onMounted(() => addEventListener("popstate", read));
  onUnmounted(() => removeEventListener("popstate", read));
}
