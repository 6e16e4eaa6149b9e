// The imports that were asked for, followed while one of them is on its way.
import { onScopeDispose, ref, shallowRef } from "vue";
import type { Job } from "../lib/api";
import * as api from "../lib/api";
import { asFailure, type Failure } from "../lib/http";
import { loadCatalogue } from "../lib/state";

const pause = 1000;

export const isOpen = (job: Job): boolean => job.state === "accepted" || job.state === "running";

export function useJobs() {
  const jobs = shallowRef<Job[]>([]);
  const failure = ref<Failure | null>(null);
  const loaded = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = true;

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    const open = new Set(jobs.value.filter(isOpen).map((j) => j.id));
    try {
      jobs.value = await api.jobs();
      failure.value = null;
      loaded.value = true;
    } catch (thrown) {
      failure.value = asFailure(thrown);
    }
    if (jobs.value.some((j) => open.has(j.id) && j.state === "successful")) void loadCatalogue();
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
