// What the reader asks: which parcels, for which activity, by the rules of which day. It stays until it is answered.
import { reactive } from "vue";
import { newDelivery } from "../delivery/delivery";
import { today } from "../lib/format";

export const question = reactive({
  delivery: newDelivery(),
  name: "",
  activity: "",
  date: today(),
});
