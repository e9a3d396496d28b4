// Shows how far a job is; when its state changes the page is fetched anew.
const job = document.getElementById("job");

async function look() {
  const answer = await fetch(job.dataset.api, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { state, stage, done, total, count, place } = await answer.json();
  if (state !== job.dataset.state) {
    location.reload();
    return;
  }
  const waiting = document.getElementById("job-place");
  if (waiting && waiting.textContent !== place) waiting.textContent = place;
  const progress = document.getElementById("job-progress");
  if (!progress) return;
  document.getElementById("job-stage").textContent = stage;
  document.getElementById("job-count").textContent = count;
  if (total) {
    progress.max = total;
    progress.value = done;
  } else {
    progress.removeAttribute("value");
  }
}

if (job) setInterval(() => look().catch(() => undefined), 2000);
