// The imports that were asked for, followed while one of them is on its way.
import { onScopeDispose, ref, shallowRef } from "vue";
import type { Job } from "../lib/api";
import * as api from "../lib/api";
import { asFailure, type Failure } from "../lib/http";
import { loadCatalogue } from "../lib/state";

const pause = 1000;

export const isOpen = (job: Job): boolean => job.state === "accepted" || job.state === "running";

const isDone = (job: Job): boolean => job.state === "successful";

export function useJobs() {
  const jobs = shallowRef<Job[]>([]);
  const failure = ref<Failure | null>(null);
  const loaded = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = true;

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    const before = new Set(jobs.value.filter(isDone).map((j) => j.id));
    const first = !loaded.value;
    try {
      jobs.value = await api.jobs();
      failure.value = null;
      loaded.value = true;
    } catch (thrown) {
      failure.value = asFailure(thrown);
    }
    // A quick import may be done before it was ever seen to be open.
    if (!first && jobs.value.some((j) => isDone(j) && !before.has(j.id))) void loadCatalogue();
    if (!stopped && jobs.value.some(isOpen)) timer = setTimeout(refresh, pause);
  }

  function start(): void {
    stopped = false;
    void refresh();
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
  }

  onScopeDispose(stop);
  return { jobs, failure, loaded, refresh, start, stop };
}
